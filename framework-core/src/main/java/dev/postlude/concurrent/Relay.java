package dev.postlude.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks that may block, with as few starts of threads as that takes: starting one means waking
 * somebody, which costs more than most tasks do.
 *
 * <pre>
 *   execute --> waiting --> a runner takes one --> calls the next runner, if more is waiting --> runs it
 *                              ^                                                              |
 *                              '-------------------- takes another -------------------------'
 * </pre>
 *
 * <p>A runner is a thread, and at most one has been called that has not begun yet. Before a runner
 * begins on a task it sees to it that somebody has been called for the rest, so no task ever waits
 * for another one that blocks: it waits for a processor at most, as any thread does. A runner that
 * is done with its task before the next one has got a processor takes the rest itself.
 *
 * <p>What tasks have made and somebody is to be woken for is brought back by a runner that has no
 * more tasks, or by the next one, whichever comes first: those who are woken once for several find
 * more to do. It does not wait for a task that blocks, by the same rule.
 *
 * <p>For threads that are cheap and not bounded in number. A runner ends when nothing is waiting,
 * and after some tasks anyhow, so that threads which wait for a processor get theirs.
 */
final class Relay extends AbstractExecutorService implements Workers {
  private static final int TURN = 64;

  private final ThreadFactory threads;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> made = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean called = new AtomicBoolean();
  private final AtomicInteger runners = new AtomicInteger();
  private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean shutdown;

  Relay(ThreadFactory threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    enqueue(task);
    try {
      call();
    } catch (Throwable noThread) {
      if (waiting.remove(task)) {
        throw noThread;
      } // else a runner has it
    }
  }

  @Override
  public void enqueue(Runnable task) {
    Objects.requireNonNull(task, "A relay is handed tasks, not null.");
    if (shutdown) {
      throw new RejectedExecutionException("These workers have been shut down.");
    }
    waiting.add(task);
    if (shutdown && waiting.remove(task)) {
      throw new RejectedExecutionException("These workers have been shut down.");
    }
  }

  @Override
  public void begin() {
    if (!waiting.isEmpty()) {
      call();
    }
  }

  @Override
  public void bringBack(Runnable quick) {
    if (atWork.contains(Thread.currentThread())) {
      made.add(quick);
    } else {
      quick.run();
    }
  }

  private void bringBackAll() {
    for (Runnable quick; (quick = made.poll()) != null; ) {
      quick.run();
    }
  }

  /** Calls a runner, unless one has been called that will look for tasks once it begins. */
  private void call() {
    if (called.get() || !called.compareAndSet(false, true)) {
      return;
    }
    runners.incrementAndGet();
    try {
      threads.newThread(this::run).start();
    } catch (Throwable e) {
      called.set(false);
      runners.decrementAndGet();
      throw e;
    }
  }

  private void run() {
    Thread self = Thread.currentThread();
    // Before looking: a task that came earlier is seen, one that comes later calls. And before
    // anything that may fail: nobody else is called as long as this one counts as on its way.
    called.set(false);
    try {
      atWork.add(self);
      do {
        bringBackAll();
        for (int i = 0; i < TURN && runOne(); i++) {
          if (!shutdown) {
            Thread.interrupted(); // the next task begins with a clean thread
          }
        }
      } while (!waiting.isEmpty() && !callNext());
    } finally {
      try {
        bringBackAll();
      } finally {
        atWork.remove(self);
        if (!waiting.isEmpty()) {
          callNext();
        }
        runners.decrementAndGet();
        endWhenDone();
      }
    }
  }

  /** Calls a runner from one; if no thread can be started, this one has to do it all by itself. */
  private boolean callNext() {
    try {
      call();
      return true;
    } catch (Throwable noThread) {
      return false;
    }
  }

  private boolean runOne() {
    Runnable task = waiting.poll();
    if (task == null) {
      return false;
    }
    if (!waiting.isEmpty()) {
      callNext();
    } else if (!called.get()) {
      bringBackAll(); // nobody has been called who would
    }
    task.run();
    return true;
  }

  @Override
  public void shutdown() {
    shutdown = true;
    endWhenDone();
  }

  private void endWhenDone() {
    if (shutdown && runners.get() == 0 && waiting.isEmpty()) {
      ended.countDown();
    }
  }

  /** Interrupts what runs, and hands back what has not begun. */
  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> never = new ArrayList<>();
    for (Runnable task; (task = waiting.poll()) != null; ) {
      never.add(task);
    }
    atWork.forEach(Thread::interrupt);
    endWhenDone();
    return never;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return ended.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return ended.await(timeout, unit);
  }
}
