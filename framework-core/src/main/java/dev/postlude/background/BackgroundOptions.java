package dev.postlude.background;

import dev.postlude.context.ContextCarrier;
import dev.postlude.context.ContextCarriers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How an app runs its background tasks. An immutable value: every change is a copy. */
public final class BackgroundOptions {
  private static final BackgroundOptions DEFAULTS =
      new BackgroundOptions(
          TaskGroup.DEFAULT,
          List.of(),
          List.of(),
          ContextCarriers.of(List.of()),
          new SystemTimer(),
          Duration.ofSeconds(60),
          List.of());

  private final TaskGroup defaultGroup;
  private final List<BackgroundListener> listeners;
  private final List<ErrorAction> errorActions;
  private final ContextCarriers carriers;
  private final TaskTimer timer;
  private final Duration slowTaskWarning;
  private final List<BackgroundService> services;

  private BackgroundOptions(
      TaskGroup defaultGroup,
      List<BackgroundListener> listeners,
      List<ErrorAction> errorActions,
      ContextCarriers carriers,
      TaskTimer timer,
      Duration slowTaskWarning,
      List<BackgroundService> services) {
    this.defaultGroup = defaultGroup;
    this.listeners = listeners;
    this.errorActions = errorActions;
    this.carriers = carriers;
    this.timer = timer;
    this.slowTaskWarning = slowTaskWarning;
    this.services = services;
  }

  /** Returns the options of an app that says nothing about background tasks. */
  public static BackgroundOptions defaults() {
    return DEFAULTS;
  }

  /** Returns a copy in which tasks that name no group belong to this one. */
  public BackgroundOptions defaultGroup(TaskGroup group) {
    Objects.requireNonNull(group, "defaultGroup() needs a group.");
    return new BackgroundOptions(
        group, listeners, errorActions, carriers, timer, slowTaskWarning, services);
  }

  /**
   * Returns a copy with one listener more; they are called in the order in which they were added.
   */
  public BackgroundOptions listener(BackgroundListener listener) {
    Objects.requireNonNull(listener, "A listener may not be null.");
    return new BackgroundOptions(
        defaultGroup,
        append(listeners, listener),
        errorActions,
        carriers,
        timer,
        slowTaskWarning,
        services);
  }

  /**
   * Returns a copy that also does this about every task that has failed for good. Runs on a
   * background worker, after what the task itself does about it.
   */
  public BackgroundOptions onError(ErrorAction action) {
    Objects.requireNonNull(action, "onError() needs something to do.");
    return new BackgroundOptions(
        defaultGroup,
        listeners,
        append(errorActions, action),
        carriers,
        timer,
        slowTaskWarning,
        services);
  }

  /**
   * Returns a copy with these carriers, in place of those it had. Micrometer's context propagation
   * is carried unasked where the library is there.
   */
  public BackgroundOptions carriers(ContextCarrier... carriers) {
    Objects.requireNonNull(carriers, "carriers() needs carriers; for none leave them out.");
    for (ContextCarrier carrier : carriers) {
      Objects.requireNonNull(carrier, "A carrier may not be null.");
    }
    return new BackgroundOptions(
        defaultGroup,
        listeners,
        errorActions,
        ContextCarriers.of(List.of(carriers)),
        timer,
        slowTaskWarning,
        services);
  }

  /** Returns a copy whose delays, retries and timeouts go by this timer: for tests. */
  public BackgroundOptions timer(TaskTimer timer) {
    Objects.requireNonNull(timer, "A timer may not be null.");
    return new BackgroundOptions(
        defaultGroup, listeners, errorActions, carriers, timer, slowTaskWarning, services);
  }

  /**
   * Returns a copy that logs a warning, with the stack of its thread, when an attempt has been
   * running this long; 60 seconds when not said. The warning comes up to a quarter later.
   *
   * @param after more than zero; zero turns the warning off
   * @throws IllegalArgumentException if negative
   */
  public BackgroundOptions slowTaskWarning(Duration after) {
    Objects.requireNonNull(after, "slowTaskWarning() needs a duration; zero turns it off.");
    if (after.isNegative()) {
      throw new IllegalArgumentException(
          "slowTaskWarning must be more than zero, or zero to turn it off: " + after);
    }
    return new BackgroundOptions(
        defaultGroup, listeners, errorActions, carriers, timer, after, services);
  }

  /**
   * Returns a copy with one service more beside the app. They are started in this order before the
   * app listens, and stopped in reverse after its tasks have been drained.
   */
  public BackgroundOptions service(BackgroundService service) {
    Objects.requireNonNull(service, "A service may not be null.");
    return new BackgroundOptions(
        defaultGroup,
        listeners,
        errorActions,
        carriers,
        timer,
        slowTaskWarning,
        append(services, service));
  }

  TaskGroup defaultGroup() {
    return defaultGroup;
  }

  List<BackgroundListener> listeners() {
    return listeners;
  }

  List<ErrorAction> errorActions() {
    return errorActions;
  }

  ContextCarriers carriers() {
    return carriers;
  }

  TaskTimer timer() {
    return timer;
  }

  Duration slowTaskWarning() {
    return slowTaskWarning;
  }

  List<BackgroundService> services() {
    return services;
  }

  private static <T> List<T> append(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return List.copyOf(longer);
  }
}
