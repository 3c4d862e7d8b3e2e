package dev.postlude.benchmarks.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** db-scheduler by itself: immediate execution on, looks every second. */
final class PlainDbScheduler implements DurableQueue {
  private static final String TABLE =
      "create table if not exists scheduled_tasks (task_name text not null,"
          + " task_instance text not null, task_data blob, execution_time timestamp not null,"
          + " picked boolean not null, picked_by text, last_success timestamp,"
          + " last_failure timestamp, consecutive_failures int, last_heartbeat timestamp,"
          + " version bigint not null, priority smallint, primary key (task_name, task_instance))";

  private @Nullable Scheduler scheduler;
  private @Nullable OneTimeTask<Integer> task;

  @Override
  public void open(Path file, boolean workers, Work work) throws Exception {
    FlushedFile source = new FlushedFile(file);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
      statement.execute("create index if not exists due on scheduled_tasks (execution_time)");
    }
    task =
        Tasks.oneTime("work", Integer.class)
            .execute((instance, context) -> work.done(instance.getData()));
    scheduler =
        Scheduler.create(source, task)
            .threads(THREADS)
            .pollingInterval(Duration.ofSeconds(1))
            .enableImmediateExecution()
            .build();
    if (workers) {
      scheduler.start();
    }
  }

  @Override
  public void enqueue(int number) {
    Objects.requireNonNull(scheduler)
        .schedule(
            Objects.requireNonNull(task).instance(Integer.toString(number), number), Instant.now());
  }

  @Override
  public void close() {
    Objects.requireNonNull(scheduler).stop();
  }
}
