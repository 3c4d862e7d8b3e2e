package dev.postlude.background;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A listener that writes down what it is told, as "event name" or "event name: detail". */
final class Recorder implements BackgroundListener {
  private final List<String> events = new ArrayList<>();
  private final List<TaskContext> contexts = new ArrayList<>();

  private synchronized void note(String event, TaskContext task, String detail) {
    events.add(event + " " + task.name() + (detail.isEmpty() ? "" : ": " + detail));
    contexts.add(task);
    notifyAll();
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** Returns the events but for the "queued" ones. */
  List<String> afterQueued() {
    return events().stream().filter(event -> !event.startsWith("queued")).toList();
  }

  List<String> of(String event) {
    return events().stream().filter(each -> each.startsWith(event + " ")).toList();
  }

  synchronized TaskContext context(String event) {
    return contexts.get(events.indexOf(event));
  }

  /** Waits until an event like this has come. */
  synchronized void await(Predicate<String> like) throws InterruptedException {
    long until = System.nanoTime() + 20_000_000_000L;
    while (events.stream().noneMatch(like)) {
      if (System.nanoTime() > until) {
        throw new AssertionError("It did not come: " + events);
      }
      wait(100);
    }
  }

  void await(String event) throws InterruptedException {
    await(event::equals);
  }

  @Override
  public void queued(TaskContext task) {
    note("queued", task, "");
  }

  @Override
  public void started(TaskContext task) {
    note("started", task, task.attempt() == 1 ? "" : "attempt " + task.attempt());
  }

  @Override
  public void succeeded(TaskContext task) {
    note("succeeded", task, "");
  }

  @Override
  public void failed(TaskContext task, Throwable error) {
    note("failed", task, error.getClass().getSimpleName());
  }

  @Override
  public void retried(TaskContext task, Throwable error, Duration wait) {
    note("retried", task, error.getClass().getSimpleName() + ", " + wait);
  }

  @Override
  public void timedOut(TaskContext task, Duration timeout) {
    note("timedOut", task, timeout.toString());
  }

  @Override
  public void rejected(TaskContext task) {
    note("rejected", task, "");
  }

  @Override
  public void skipped(TaskContext task, String reason) {
    note("skipped", task, reason);
  }

  @Override
  public void abandoned(TaskContext task) {
    note("abandoned", task, "");
  }

  @Override
  public void progressed(TaskContext task, long done, long total, String message) {
    note("progressed", task, done + "/" + total + " " + message);
  }
}
