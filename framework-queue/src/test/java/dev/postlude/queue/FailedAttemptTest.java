package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Retry;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged of attempts that fail. */
class FailedAttemptTest {
  private static final Logger QUEUE = Logger.getLogger("dev.postlude.queue");

  @TempDir Path folder;

  private final BlockingQueue<LogRecord> lines = Bells.notes();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getMessage().startsWith("task ")) {
            lines.add(line);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    QUEUE.addHandler(handler);
  }

  @AfterEach
  void listenNoMore() {
    QUEUE.removeHandler(handler);
    QUEUE.setLevel(null);
  }

  /** Runs a task that fails twice, and returns its id. */
  private String failTwice() throws Exception {
    try (TaskQueue queue = TaskQueue.sqlite(folder.resolve("tasks.db"))) {
      TaskType<String> type =
          queue.define(
              "a\nname",
              String.class,
              (payload, run) -> {
                throw new IllegalStateException("no\nanswer\u2028");
              },
              TaskPolicy.defaults().retry(Retry.times(1).backoff(Duration.ofMillis(1))));
      queue.start();
      String id = Bells.value(type.enqueue("x"));
      Bells.await(queue, id, TaskState.DEAD);
      return id;
    }
  }

  @Test
  void oneThatIsTriedAgainIsWarnedOfInOneLineWithoutItsStack() throws Exception {
    String id = failTwice();

    LogRecord first = Bells.next(lines);
    assertThat(first.getLevel()).isEqualTo(Level.WARNING);
    assertThat(first.getMessage())
        .isEqualTo(
            "task a?name "
                + id
                + " failed, next attempt in PT0.001S: java.lang.IllegalStateException: no?answer?");
    assertThat(first.getThrown()).isNull();
    LogRecord last = Bells.next(lines);
    assertThat(last.getLevel()).isEqualTo(Level.SEVERE);
    assertThat(last.getMessage()).isEqualTo("task a?name " + id + " is dead");
    assertThat(last.getThrown()).hasMessageStartingWith("no");
  }

  @Test
  void itsStackIsThereAtDebug() throws Exception {
    QUEUE.setLevel(Level.FINE);

    failTwice();

    assertThat(Bells.next(lines).getLevel()).isEqualTo(Level.WARNING);
    LogRecord second = Bells.next(lines);
    assertThat(second.getLevel()).isEqualTo(Level.FINE);
    assertThat(second.getThrown()).isInstanceOf(IllegalStateException.class);
  }
}
