package dev.postlude.background;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this process has of a stored task, until it lets go of it.
 *
 * <pre>{@code
 * STORING ---> HELD ---> released, or revoked
 *    '---> revoked, to be told when it turns out to be stored after all
 * }</pre>
 */
final class Hold {
  /** Stands where nothing is held, or not any more. */
  private static final StoredTask GONE =
      new StoredTask() {
        @Override
        public CompletionStage<?> release() {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public void revoke() {}
      };

  private final AtomicReference<@Nullable StoredTask> held = new AtomicReference<>();

  /** Begins to store; does not block. The stage has failed, or fails, when that fails. */
  CompletableFuture<?> store(StoreAction action, TaskContext task) {
    try {
      return action
          .store(task)
          .thenAccept(
              stored -> {
                if (!held.compareAndSet(null, stored)) {
                  stored.revoke();
                }
              })
          .toCompletableFuture();
    } catch (Throwable refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Lets it run; what the store says of that is told by the stage. */
  CompletionStage<?> release() {
    StoredTask stored = held.getAndSet(GONE);
    return (stored == null ? GONE : stored).release();
  }

  /** Takes it back, at once or when it has been stored. What the store throws is ignored. */
  void revoke() {
    StoredTask stored = held.getAndSet(GONE);
    if (stored != null) {
      try {
        stored.revoke();
      } catch (RuntimeException tooLate) {
        // It runs then, which is what at least once allows.
      }
    }
  }
}
