package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.HttpException;
import dev.postlude.http.TypeOf;
import dev.postlude.queue.handoff.Envelope;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.store.Database;
import dev.postlude.queue.store.NodeClaim;
import dev.postlude.queue.store.SqliteDatabase;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that lives, whatever its heartbeats, its clock and its types look like. */
class AliveTest {
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  @TempDir Path folder;

  private TaskQueue queue(QueueOptions options) {
    return TaskQueue.sqlite(folder.resolve("tasks.db")).with(options);
  }

  @Test
  void aProcessDoesNotTakeOverWhatItIsRunningItself() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    BlockingQueue<String> ran = Bells.notes();
    try (TaskQueue queue = queue(QueueOptions.defaults().heartbeat(Duration.ofMillis(100)))) {
      TaskType<String> alive =
          queue.define(
              "alive",
              String.class,
              (payload, run) -> {
                ran.add("alive " + run.crashes());
                begun.countDown();
                goOn.await(60, TimeUnit.SECONDS);
              });
      TaskType<String> gone =
          queue.define("gone", String.class, (payload, run) -> ran.add("gone " + run.crashes()));
      queue.start();
      String lives = Bells.value(alive.enqueue("x"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      String dead = Bells.value(gone.after(Duration.ofHours(1)).enqueue("x"));

      // As after a sleep of the machine: no heartbeat since long ago. The one that is really gone
      // is looked at after the other one, so that its run tells that both have been looked at.
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"));
          Statement statement = connection.createStatement()) {
        statement.execute("pragma busy_timeout=10000");
        statement.execute("begin immediate");
        statement.execute("update postlude_due set last_heartbeat = 1 where task_name = 'alive'");
        statement.execute(
            "update postlude_due set last_heartbeat = 2, picked = true, picked_by = 'nobody'"
                + " where task_name = 'gone'");
        statement.execute("update postlude_tasks set state = 'RUNNING' where name = 'gone'");
        statement.execute(
            "create trigger frozen before update of last_heartbeat on postlude_due"
                + " when new.version = old.version begin select raise(ignore); end");
        statement.execute("commit");
      }
      Bells.await(queue, dead, TaskState.SUCCEEDED);
      goOn.countDown();

      TaskRecord end = Bells.await(queue, lives, TaskState.SUCCEEDED);
      assertThat(end.crashes()).isZero();
      assertThat(ran).containsExactly("alive 0", "gone 1");
    }
  }

  @Test
  void timesWithoutEndAreTimesWithoutEnd() throws Exception {
    QueueOptions options = QueueOptions.defaults().hold(FOREVER).keepFinished(FOREVER);
    TaskQueue queue = queue(options);
    try {
      TaskType<String> type =
          queue.define(
              "patient",
              String.class,
              TaskPolicy.defaults().timeout(FOREVER),
              (payload, run) -> {});
      queue.start();
      String later = Bells.value(type.after(Duration.ofMillis(Long.MAX_VALUE)).enqueue("x"));
      String latest = Bells.value(type.after(FOREVER).enqueue("x"));
      Bells.await(queue, Bells.value(type.enqueue("x")), TaskState.SUCCEEDED);
      assertThat(queue.record(later).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
      assertThat(queue.record(latest).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
      assertThat(queue.record(latest).orElseThrow().dueAt()).hasToString("9999-12-31T23:59:59Z");
    } finally {
      queue.stop(FOREVER);
    }
  }

  /** A payload whose reading ends in an error of the JVM's. */
  record Unreadable(String text) {
    Unreadable {
      if (text.equals("bad")) {
        throw new NoClassDefFoundError("on purpose");
      }
    }
  }

  /** A result whose writing does. */
  record Unwritable(String text) {
    @Override
    public String text() {
      throw new NoClassDefFoundError("on purpose");
    }
  }

  @Test
  void anErrorWhileAPayloadIsReadOrAResultWrittenIsNoCrash() throws Exception {
    try (TaskQueue queue = queue(QueueOptions.defaults())) {
      queue.define("unreadable", Unreadable.class, (payload, run) -> {});
      TaskType<String> unwritable =
          queue.defineWithResult("unwritable", String.class, (p, run) -> new Unwritable(p));
      queue.start();
      String written = Bells.value(unwritable.enqueue("x"));
      TaskRecord done = Bells.await(queue, written, TaskState.SUCCEEDED);
      assertThat(done.attempt()).isEqualTo(1);
      assertThat(done.result()).isNull();
    }
    String id;
    try (TaskQueue before = queue(QueueOptions.defaults().threads(0))) {
      TaskType<Map<String, String>> untyped =
          before.define(
              "unreadable",
              new TypeOf<Map<String, String>>() {},
              TaskPolicy.defaults(),
              (payload, run) -> {});
      before.start();
      id = Bells.value(untyped.enqueue(Map.of("text", "bad")));
    }
    try (TaskQueue queue = queue(QueueOptions.defaults())) {
      queue.define("unreadable", Unreadable.class, (payload, run) -> {});
      queue.start();
      TaskRecord dead = Bells.await(queue, id, TaskState.DEAD);
      assertThat(dead.attempt()).isEqualTo(1);
      assertThat(dead.crashes()).isZero();
      assertThat(dead.error()).contains("NoClassDefFoundError");
    }
  }

  @Test
  void keysThatAreNoneAreAClientsMistake() {
    TaskType<String> type =
        queue(QueueOptions.defaults()).define("keyed", String.class, (payload, run) -> {});
    for (String key : new String[] {"", "k".repeat(501), "a\0b", "half \ud83d"}) {
      assertThatThrownBy(() -> type.with("x", key))
          .isInstanceOfSatisfying(
              HttpException.class, refused -> assertThat(refused.status()).isEqualTo(400));
    }
    assertThat(type.with("x", "whole \ud83d\ude00")).isNotNull();
  }

  /** A system that cannot even be put into a set. */
  private static final class Odd implements HandOff {
    @Override
    public String system() {
      return "odd";
    }

    @Override
    public String publish(Envelope task) {
      return task.id();
    }

    @Override
    public ForeignStatus status(String foreignId) {
      return ForeignStatus.pending();
    }

    @Override
    public int hashCode() {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }
  }

  @Test
  void aStartThatFailsLetsGoOfTheFile() throws Exception {
    TaskQueue queue = queue(QueueOptions.defaults());
    queue.define("odd", String.class, new Odd());

    assertThatThrownBy(queue::start).hasMessage("on purpose");

    try (Database database = new SqliteDatabase(folder.resolve("tasks.db"));
        NodeClaim claim = database.claim(null)) {
      assertThat(claim.name()).isEqualTo("node-1");
    }
  }

  @Test
  void whatHangsOnAFailureDoesNotHoldUpTheWriterEither() throws Exception {
    try (TaskQueue queue = queue(QueueOptions.defaults().threads(0))) {
      TaskType<String> type = queue.define("lost", String.class, (payload, run) -> {});
      queue.start();
      BlockingQueue<String> threads = Bells.notes();
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tasks.db"));
          Statement statement = connection.createStatement()) {
        statement.execute("pragma busy_timeout=10000");
        statement.execute("begin immediate"); // so that it fails after something hangs on it
        CompletionStage<String> stored =
            type.enqueue("x")
                .whenComplete((id, error) -> threads.add(Thread.currentThread().getName()));
        statement.execute("drop table postlude_tasks");
        statement.execute("commit");
        assertThatThrownBy(() -> Bells.value(stored)).hasRootCauseInstanceOf(SQLException.class);
      }
      assertThat(Bells.next(threads)).startsWith("postlude-queue-callback-");
    }
  }
}
