package dev.postlude.queue.engine;

import dev.postlude.queue.store.Attempts;
import dev.postlude.queue.store.Attempts.End;
import dev.postlude.queue.store.Picked;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Map;

/**
 * What becomes of tasks whose process is gone. One that had been picked and not begun, or was only
 * being handed to another system, is merely put back; one that was running counts a crash, and is
 * dead after its last.
 */
final class Takeover {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");

  private final Attempts attempts;
  private final Map<String, Definition> definitions;

  Takeover(Attempts attempts, Map<String, Definition> definitions) {
    this.attempts = attempts;
    this.definitions = definitions;
  }

  /** Takes one over, on the writer's thread; does nothing when its pick is not current any more. */
  boolean take(Session session, Picked picked, long now) throws SQLException {
    if (attempts.state(session, picked.id()) != TaskState.RUNNING) {
      return attempts.putBack(session, picked, now);
    }
    Definition definition = definitions.get(picked.name());
    if (definition != null && definition.handOff() != null) {
      return attempts.postpone(
          session, picked, now, "the process ended while it handed the task over");
    }
    TaskPolicy policy = definition == null ? TaskPolicy.defaults() : definition.policy();
    int crashes = picked.crashes() + 1;
    String error =
        "the process ended while the task ran: crash "
            + crashes
            + " of at most "
            + policy.maxCrashes();
    LOG.log(Level.WARNING, "task " + picked.name() + " " + picked.id() + ": " + error);
    if (crashes < policy.maxCrashes()) {
      return attempts.retry(session, picked, now, crashes, error);
    }
    Picked last = new Picked(picked.name(), picked.id(), picked.dueAt(), crashes, picked.version());
    return attempts.finish(session, last, new End(TaskState.DEAD, error, null, null), now);
  }
}
