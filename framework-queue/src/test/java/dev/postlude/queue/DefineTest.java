package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.TypeOf;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskRun;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types of tasks as a program writes them down: that it compiles is half of each test. */
class DefineTest {
  private static final TaskPolicy POLICY = TaskPolicy.defaults();

  @TempDir Path folder;

  private final BlockingQueue<Welcome> sent = Bells.notes();
  private final Smtp smtp = sent::add;

  record Welcome(String to) {}

  /** What sends a mail and returns nothing. */
  interface Smtp {
    void send(Welcome mail);
  }

  private void deliver(Welcome mail, TaskRun task) {
    smtp.send(mail);
  }

  private String greet(Welcome mail, TaskRun task) {
    smtp.send(mail);
    return "hello " + mail.to();
  }

  private TaskQueue queue() {
    return TaskQueue.sqlite(folder.resolve("tasks.db")).with(QueueOptions.defaults().threads(2));
  }

  /** Runs a task of each type, and returns their results. */
  private List<String> results(TaskQueue queue, List<TaskType<Welcome>> types) throws Exception {
    queue.start();
    List<String> results = new ArrayList<>();
    for (TaskType<Welcome> type : types) {
      String id = Bells.value(type.enqueue(new Welcome("ada")));
      TaskRecord done = Bells.await(queue, id, TaskState.SUCCEEDED);
      assertThat(Bells.next(sent).to()).isEqualTo("ada");
      results.add(String.valueOf(done.result()));
    }
    return results;
  }

  @Test
  void aTaskWithoutAResultIsAnExpressionAReferenceOrABlock() throws Exception {
    try (TaskQueue queue = queue()) {
      TaskType<Welcome> welcome =
          queue.define("welcome-mail", Welcome.class, (mail, task) -> smtp.send(mail));
      List<TaskType<Welcome>> types =
          List.of(
              welcome,
              queue.define("reference", Welcome.class, this::deliver),
              queue.define(
                  "block",
                  Welcome.class,
                  (mail, task) -> {
                    smtp.send(mail);
                  }),
              queue.define("policy", Welcome.class, (mail, task) -> smtp.send(mail), POLICY),
              queue.define("policy reference", Welcome.class, this::deliver, POLICY),
              queue.define(
                  "generic", new TypeOf<Welcome>() {}, (mail, task) -> smtp.send(mail), POLICY),
              queue.define("generic reference", new TypeOf<Welcome>() {}, this::deliver, POLICY),
              queue.define("dropped", Welcome.class, (mail, task) -> sent.add(mail)),
              queue.define("dropped reference", Welcome.class, this::greet));

      assertThat(results(queue, types)).hasSize(9).containsOnly("null");
    }
  }

  @Test
  void aTaskWithAResultHasAVerbOfItsOwn() throws Exception {
    try (TaskQueue queue = queue()) {
      List<TaskType<Welcome>> types =
          List.of(
              queue.defineWithResult(
                  "expression", Welcome.class, (mail, task) -> greet(mail, task)),
              queue.defineWithResult("reference", Welcome.class, this::greet),
              queue.defineWithResult(
                  "block",
                  Welcome.class,
                  (mail, task) -> {
                    smtp.send(mail);
                    return "hello " + mail.to();
                  }),
              queue.defineWithResult("policy", Welcome.class, this::greet, POLICY),
              queue.defineWithResult("generic", new TypeOf<Welcome>() {}, this::greet, POLICY));

      assertThat(results(queue, types)).hasSize(5).containsOnly("\"hello ada\"");
    }
  }
}
