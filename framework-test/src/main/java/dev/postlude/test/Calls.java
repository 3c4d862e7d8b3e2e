package dev.postlude.test;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.Exchange;
import dev.postlude.background.TaskContext;
import dev.postlude.context.Key;
import dev.postlude.http.Request;
import dev.postlude.test.Call.Arrival;
import dev.postlude.test.TestTask.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a client, and what is heard of their tasks.
 *
 * <p>What belongs to which call is told by a header that the client sends, which becomes an
 * attribute of the request and so of all its tasks. That something is to be done after a response
 * is heard before the response is written. So whoever has the response finds here what there is to
 * wait for: there is no moment in between.
 *
 * <p>Thread-safe; calls nobody.
 */
final class Calls implements BackgroundListener {
  /** Names the header that tells which call a request comes of. */
  static final String HEADER = "Postlude-Test-Call";

  private static final Key<Arrival> ARRIVAL = Key.of("dev.postlude.test.arrival");

  // All below is guarded by this.
  private final Map<String, Call> expected = new HashMap<>(); // requests of these may arrive
  private final Set<Call> kept = new LinkedHashSet<>(); // not ended, or their failures not told
  private final Map<Thread, TaskTrace> latest = new WeakHashMap<>(); // what a thread has started
  private @Nullable Consumer<Call> observer;
  private @Nullable Thread observed;

  /** Takes note of a call that is about to be made. */
  synchronized void expect(Call call) {
    expected.put(call.id, call);
  }

  /** Says that the client is done with the call: no further request will come of it. */
  synchronized void answered(Call call) {
    expected.remove(call.id);
  }

  /** Notes a request's arrival in the app. If no call is known for it, it is nobody's. */
  synchronized Arrival arrived(Request request) {
    Call call = request.header(HEADER).map(expected::get).orElse(null);
    if (call == null) {
      call = new Call(request.method() + " " + request.path(), TestScope.NOBODY, true);
    }
    return call.arrive();
  }

  /** Has the request tell its tasks where they belong. */
  static Request marked(Request request, Arrival arrival) {
    return request.with(ARRIVAL, arrival);
  }

  /** Returns what became of the tasks of a call so far. */
  synchronized List<TestTask> tasks(Call call) {
    return call.tasks().map(TaskTrace::picture).toList();
  }

  /** Shows where the handler of a call is; null if no thread is inside it. */
  synchronized @Nullable Throwable whereHandled(Call call) {
    return call.whereHandled();
  }

  /** What is left of calls. */
  enum Left {
    NOTHING,
    /** Tasks that wait for a delay or a retry, and nothing else. */
    WAITS,
    WORK
  }

  synchronized Left left(Predicate<Call> which) {
    Left left = Left.NOTHING;
    for (Call call : kept) {
      if (which.test(call) && !call.hasEnded()) {
        if (!call.rests()) {
          return Left.WORK;
        }
        left = Left.WAITS;
      }
    }
    return left;
  }

  /**
   * Waits for news, which may be of any call, if things are still as they are said to be.
   *
   * @param until the {@link System#nanoTime} to give up at
   * @return false if that has passed
   */
  synchronized boolean awaitNews(BooleanSupplier stillSo, long until) throws InterruptedException {
    if (stillSo.getAsBoolean()) {
      long nanos = until - System.nanoTime();
      if (nanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    return true;
  }

  /** Has those who wait look round again. */
  synchronized void wake() {
    notifyAll();
  }

  /** Says what these calls wait for, and shows where it is. */
  synchronized AssertionError overdue(Predicate<Call> which, String before, String after) {
    List<Call> late = kept.stream().filter(which).filter(call -> !call.hasEnded()).toList();
    StringBuilder text = new StringBuilder(before);
    late.forEach(call -> text.append(call.doing()));
    List<Throwable> stacks = late.stream().flatMap(Call::whereTasksAre).toList();
    AssertionError error =
        new AssertionError(
            text.append('\n').append(after).toString(), stacks.isEmpty() ? null : stacks.get(0));
    stacks.stream().skip(1).forEach(error::addSuppressed);
    return error;
  }

  /** Takes the failures that the test has not been told of, as what it is to fail with. */
  synchronized Optional<AssertionError> takeFailures(Predicate<Call> which) {
    AssertionError first = null;
    for (Call call : List.copyOf(kept)) {
      for (TaskTrace task : which.test(call) ? call.takeFailures() : List.<TaskTrace>of()) {
        if (first == null) {
          first = task.failure();
        } else {
          first.addSuppressed(task.failure());
        }
      }
    }
    kept.removeIf(Call::isOver);
    return Optional.ofNullable(first);
  }

  /** Does something on this thread, and says which calls are at work because of it. */
  Set<Call> wokenBy(Runnable action) {
    Set<Call> woken = new LinkedHashSet<>();
    synchronized (this) {
      observer = woken::add;
      observed = Thread.currentThread();
    }
    try {
      action.run();
    } finally {
      synchronized (this) {
        observer = null;
        observed = null;
      }
    }
    return woken;
  }

  /** Forgets everything: the app is gone. */
  synchronized void clear() {
    kept.clear();
    expected.clear();
    latest.clear();
    notifyAll();
  }

  @Override
  public synchronized void busy(Exchange exchange) {
    Call call = call(exchange);
    if (call != null) {
      call.countBusy(1);
      kept.add(call);
      if (observer != null && Thread.currentThread() == observed) {
        observer.accept(call);
      }
    }
  }

  @Override
  public synchronized void idle(Exchange exchange) {
    Call call = call(exchange);
    if (call != null) {
      call.countBusy(-1);
      if (call.isOver()) {
        kept.remove(call);
      }
      notifyAll(); // whatever ends is followed by this
    }
  }

  private static @Nullable Call call(Exchange exchange) {
    return exchange.attributes().find(ARRIVAL).map(arrival -> arrival.call).orElse(null);
  }

  @Override
  public void queued(TaskContext task) {
    heard(task, trace -> {});
  }

  @Override
  public void started(TaskContext task) {
    Thread here = Thread.currentThread();
    heard(
        task,
        trace -> {
          TaskTrace before = latest.put(here, trace);
          if (before != null) {
            before.leftBy(here);
          }
          trace.started(task, here);
        });
  }

  @Override
  public void succeeded(TaskContext task) {
    heard(task, trace -> trace.ended(Outcome.SUCCEEDED, task));
  }

  @Override
  public void retried(TaskContext task, Throwable error, Duration wait) {
    heard(task, trace -> trace.retried(task, error, wait));
  }

  @Override
  public void failed(TaskContext task, Throwable error) {
    heard(task, trace -> trace.failed(task, error));
  }

  @Override
  public void rejected(TaskContext task) {
    heard(task, trace -> trace.ended(Outcome.REJECTED, task));
  }

  @Override
  public void skipped(TaskContext task, String reason) {
    heard(task, trace -> trace.skipped(task, reason));
  }

  @Override
  public synchronized void abandoned(TaskContext task) {
    heard(task, trace -> trace.ended(Outcome.ABANDONED, task));
    task.attribute(ARRIVAL).ifPresent(arrival -> arrival.call.cutOff());
    notifyAll();
  }

  private synchronized void heard(TaskContext task, Consumer<TaskTrace> news) {
    task.attribute(ARRIVAL).ifPresent(arrival -> arrival.heard(task, news));
  }
}
