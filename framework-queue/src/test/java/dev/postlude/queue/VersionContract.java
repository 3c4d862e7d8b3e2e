package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskState;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

/** What programs of other versions left: names, payloads and tables. */
interface VersionContract extends QueueUnderTest {
  record Before(String name, int gone) {}

  record After(String name, List<String> added) {}

  @Test
  default void anUnknownNameWaitsVisiblyUntilSomebodyKnowsIt() throws Exception {
    TaskType<String> known = queue().define("renamed", String.class, (payload, run) -> {});
    TaskQueue older = another(QueueOptions.defaults().threads(1));
    TaskType<String> old =
        older.defineWithResult("old-name", String.class, (payload, run) -> payload);
    queue().start();
    TaskQueue enqueuesOnly = another(QueueOptions.defaults().threads(0));
    TaskType<String> unknown = enqueuesOnly.define("old-name", String.class, (p, run) -> {});
    enqueuesOnly.start();

    String id = Bells.value(unknown.enqueue("x"));
    String other = Bells.value(known.enqueue("y"));
    Bells.await(queue(), other, TaskState.SUCCEEDED);

    assertThat(queue().record(id).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
    assertThat(queue().stats().unknownNames()).containsExactly("old-name");
    assertThat(queue().stats().count(TaskState.QUEUED)).isEqualTo(1);
    assertThat(old.name()).isEqualTo("old-name");
    older.start();
    Bells.await(queue(), id, TaskState.SUCCEEDED);
    assertThat(queue().stats().unknownNames()).isEmpty();
  }

  @Test
  default void aChangedPayloadIsReadAsFarAsItFits() throws Exception {
    TaskQueue before = another(QueueOptions.defaults().threads(0));
    TaskType<Before> then = before.define("changed", Before.class, (payload, run) -> {});
    TaskType<String> broken = before.define("broken", String.class, (payload, run) -> {});
    before.start();
    BlockingQueue<After> read = Bells.notes();
    queue().define("changed", After.class, (payload, run) -> read.add(payload));
    queue().define("broken", After.class, (payload, run) -> {});
    queue().start();

    Bells.value(then.enqueue(new Before("ada", 7)));
    String unreadable = Bells.value(broken.enqueue("only text"));

    assertThat(Bells.next(read)).isEqualTo(new After("ada", null));
    assertThat(Bells.await(queue(), unreadable, TaskState.DEAD).error())
        .startsWith("the payload cannot be read as " + After.class.getName());
  }

  @Test
  default void tablesOfAnEarlierVersionAreGivenWhatTheyLack() throws Exception {
    queue().start();
    queue().close();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("alter table postlude_tasks drop column cancel_at");
    }
    another(QueueOptions.defaults()).start();

    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("select cancel_at from postlude_tasks").next()).isFalse();
    }
  }
}
