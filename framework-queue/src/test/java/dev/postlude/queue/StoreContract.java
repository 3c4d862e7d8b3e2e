package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.HttpException;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What is stored: once for a key, with its transaction, listed in pages. */
interface StoreContract extends QueueUnderTest {
  @Test
  default void aKeyStoresATaskOnceAndRefusesAnotherPayload() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type =
        queue().define("once", String.class, (payload, run) -> ran.add(payload));
    TaskType<String> other = queue().define("other", String.class, (payload, run) -> {});
    queue().start();

    String id = Bells.value(type.enqueue("a", "key"));
    Bells.await(queue(), id, TaskState.SUCCEEDED);

    assertThat(Bells.value(type.enqueue("a", "key"))).isEqualTo(id);
    assertThat(Bells.value(other.enqueue("b", "key"))).isNotEqualTo(id);
    CompletionStage<String> different = type.enqueue("b", "key");
    assertThatThrownBy(() -> Bells.value(different))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(HttpException.class)
        .hasRootCauseMessage("422 this idempotency key was used for another request before");
    assertThat(ran).containsExactly("a");
  }

  @Test
  default void aTaskStoredInATransactionIsThereWithItsCommitOnly() throws Exception {
    BlockingQueue<String> ran = Bells.notes();
    TaskType<String> type = queue().define("tx", String.class, (payload, run) -> ran.add(payload));
    queue().start();

    String rolledBack;
    String committed;
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      rolledBack = type.in(connection).enqueue("rolled back");
      connection.rollback();
      committed = type.in(connection).enqueue("committed");
      connection.commit();
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> type.in(connection).enqueue("without"))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(Bells.next(ran)).isEqualTo("committed");
    Bells.await(queue(), committed, TaskState.SUCCEEDED);
    assertThat(queue().record(rolledBack)).isEmpty();
  }

  @Test
  default void listsAreInPages() throws Exception {
    TaskType<Integer> type = queue().define("paged", Integer.class, (payload, run) -> {});
    queue().start();
    for (int i = 0; i < 5; i++) {
      Bells.value(type.after(Duration.ofHours(1)).enqueue(i));
    }
    TaskQuery query = TaskQuery.all().name("paged").states(TaskState.QUEUED).limit(2);
    List<String> payloads = new ArrayList<>();
    List<TaskRecord> page = queue().tasks(query);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      page.forEach(task -> payloads.add(task.payload()));
      page = queue().tasks(query.after(page.get(page.size() - 1)));
    }
    assertThat(payloads).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
    assertThat(queue().tasks(TaskQuery.all().name("nobody"))).isEmpty();
  }
}
