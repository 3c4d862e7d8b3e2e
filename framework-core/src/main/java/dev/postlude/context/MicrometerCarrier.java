package dev.postlude.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;

/**
 * The one place that knows Micrometer's context propagation, a library that need not be there.
 *
 * <p>Carries what the registry's thread-local accessors find at the moment of capture.
 */
final class MicrometerCarrier implements ContextCarrier {
  private final ContextRegistry registry = ContextRegistry.getInstance();
  private final ContextSnapshotFactory snapshots =
      ContextSnapshotFactory.builder().contextRegistry(registry).build();

  @Override
  public Snapshot capture() {
    if (registry.getThreadLocalAccessors().isEmpty()) {
      return () -> () -> {};
    }
    ContextSnapshot snapshot = snapshots.captureAll();
    return () -> {
      ContextSnapshot.Scope scope = snapshot.setThreadLocals();
      return scope::close;
    };
  }
}
