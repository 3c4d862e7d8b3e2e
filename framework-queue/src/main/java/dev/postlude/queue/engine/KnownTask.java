package dev.postlude.queue.engine;

import com.github.kagkarlsson.scheduler.task.AbstractTask;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.postlude.queue.store.Picked;
import java.util.function.Consumer;

/**
 * A type of tasks as the scheduler knows it: a name, and whom to call. What becomes of the row is
 * written down before the call returns, so there is nothing left to complete.
 */
final class KnownTask extends AbstractTask<Void> {
  private final Consumer<Picked> run;

  KnownTask(String name, Consumer<Picked> run, Consumer<Picked> takeOver) {
    super(
        name,
        Void.class,
        (completion, operations) -> {},
        (completion, operations) -> takeOver.accept(picked(completion.getExecution())));
    this.run = run;
  }

  @Override
  public CompletionHandler<Void> execute(TaskInstance<Void> task, ExecutionContext context) {
    run.accept(picked(context.getExecution()));
    return (completion, operations) -> {};
  }

  private static Picked picked(Execution execution) {
    return new Picked(
        execution.getTaskName(),
        execution.getId(),
        execution.getExecutionTime().toEpochMilli(),
        execution.consecutiveFailures,
        execution.version);
  }

  @Override
  public SchedulableInstance<Void> schedulableInstance(String id) {
    throw new UnsupportedOperationException("tasks come in by Intake");
  }

  @Override
  public SchedulableInstance<Void> schedulableInstance(String id, Void data) {
    throw new UnsupportedOperationException("tasks come in by Intake");
  }
}
