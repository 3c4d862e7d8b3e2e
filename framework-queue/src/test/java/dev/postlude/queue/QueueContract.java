package dev.postlude.queue;

import dev.postlude.queue.task.QueueOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What a queue does on whatever database: run once for each. */
abstract class QueueContract
    implements RunContract,
        FailureContract,
        CancelContract,
        ShutdownContract,
        StoreContract,
        VersionContract {
  private final List<TaskQueue> opened = new ArrayList<>();
  TaskQueue queue;

  /** A queue on the database of this test, the same each time. */
  abstract TaskQueue open();

  @Override
  public TaskQueue queue() {
    return queue;
  }

  @BeforeEach
  void openQueue() {
    queue = another(QueueOptions.defaults());
  }

  @Override
  public TaskQueue another(QueueOptions options) {
    TaskQueue another = open().with(options);
    opened.add(another);
    return another;
  }

  @AfterEach
  void closeQueues() {
    opened.forEach(TaskQueue::close);
  }
}
