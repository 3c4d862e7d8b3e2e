package dev.postlude.context;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The context carriers of an app: an immutable list that works as one.
 *
 * <p>Carriers are foreign code on somebody else's path: one that throws is logged and left out, and
 * neither the response nor the task notices.
 */
public final class ContextCarriers {
  private static final Logger LOG = System.getLogger("dev.postlude.context");
  private static final ContextCarrier.Scope NO_SCOPE = () -> {};
  private static final ContextCarrier.Snapshot NO_SNAPSHOT = () -> NO_SCOPE;
  private static final ContextCarriers NONE = new ContextCarriers(List.of());
  private static final ThreadLocal<@Nullable ContextCarriers> CURRENT = new ThreadLocal<>();

  private final List<ContextCarrier> carriers;

  private ContextCarriers(List<ContextCarrier> carriers) {
    this.carriers = carriers;
  }

  /** Returns the carriers of an app that carries nothing. */
  public static ContextCarriers none() {
    return NONE;
  }

  /**
   * Returns these carriers, and after them one for Micrometer's context propagation if that library
   * is there: whatever is registered with it (a trace, an observation, Reactor's context) comes
   * along unasked.
   */
  public static ContextCarriers of(List<ContextCarrier> carriers) {
    List<ContextCarrier> all = new ArrayList<>(List.copyOf(carriers));
    ContextCarrier micrometer = micrometer();
    if (micrometer != null) {
      all.add(micrometer);
    }
    return all.isEmpty() ? NONE : new ContextCarriers(List.copyOf(all));
  }

  /** Tells whether there is nothing to carry. */
  public boolean isEmpty() {
    return carriers.isEmpty();
  }

  /**
   * Makes these the carriers of the current thread, until the scope is closed: an app does it
   * around its handlers, so that whatever is attached in them is attached with their context.
   */
  public ContextCarrier.Scope makeCurrent() {
    ContextCarriers before = CURRENT.get();
    if (before == this || (before == null && isEmpty())) {
      return NO_SCOPE;
    }
    CURRENT.set(this);
    return () -> {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    };
  }

  /**
   * Returns the carriers of the app whose handler runs on this thread; {@link #none} when none
   * does.
   */
  public static ContextCarriers current() {
    ContextCarriers current = CURRENT.get();
    return current == null ? NONE : current;
  }

  /** Takes a picture of the current thread's context, with all carriers. */
  public ContextCarrier.Snapshot capture() {
    if (isEmpty()) {
      return NO_SNAPSHOT;
    }
    List<ContextCarrier.Snapshot> taken = new ArrayList<>(carriers.size());
    for (ContextCarrier carrier : carriers) {
      try {
        taken.add(Objects.requireNonNull(carrier.capture(), "A carrier captured null."));
      } catch (Throwable error) {
        LOG.log(Level.WARNING, "A context carrier failed to capture and is left out.", error);
      }
    }
    return () -> restore(taken);
  }

  private static ContextCarrier.Scope restore(List<ContextCarrier.Snapshot> taken) {
    List<ContextCarrier.Scope> opened = new ArrayList<>(taken.size());
    for (ContextCarrier.Snapshot snapshot : taken) {
      try {
        opened.add(Objects.requireNonNull(snapshot.restore(), "A snapshot restored null."));
      } catch (Throwable error) {
        LOG.log(Level.WARNING, "A context carrier failed to restore and is left out.", error);
      }
    }
    return () -> close(opened);
  }

  private static void close(List<ContextCarrier.Scope> opened) {
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (Throwable error) {
        LOG.log(Level.WARNING, "A context carrier failed to put a thread back as it was.", error);
      }
    }
  }

  private static @Nullable ContextCarrier micrometer() {
    try {
      // Asked by name first: the carrier itself cannot be linked without the library.
      Class.forName(
          "io.micrometer.context.ContextSnapshotFactory",
          false,
          ContextCarriers.class.getClassLoader());
      return new MicrometerCarrier();
    } catch (ClassNotFoundException | LinkageError absent) {
      return null;
    }
  }
}
