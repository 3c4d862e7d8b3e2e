package dev.postlude.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Where {@link Workers} come from. */
public final class Threads {
  private static final boolean VIRTUAL = Runtime.version().feature() >= 21;

  private Threads() {}

  /** Tells whether workers are virtual threads here. */
  public static boolean areVirtual() {
    return VIRTUAL;
  }

  /**
   * Makes workers.
   *
   * @param namePrefix what thread names begin with; a number from 1 follows
   * @param maxPlatformThreads how large a pool may grow before tasks wait, first come first served;
   *     means nothing to virtual threads, whose number is not bounded here
   * @throws IllegalArgumentException if fewer than 1 thread is allowed
   */
  public static Workers workers(String namePrefix, int maxPlatformThreads) {
    Objects.requireNonNull(namePrefix, "Workers need a thread name prefix.");
    if (maxPlatformThreads < 1) {
      throw new IllegalArgumentException("Workers need 1 thread or more: " + maxPlatformThreads);
    }
    return VIRTUAL
        ? new Relay(virtual(namePrefix))
        : new Pool(daemons(namePrefix), maxPlatformThreads);
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicLong number = new AtomicLong();
    return task -> {
      Thread thread = new Thread(null, task, prefix + number.incrementAndGet(), 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Calls {@code Thread.ofVirtual()} and so on by handle: this code is compiled for release 17. */
  private static ThreadFactory virtual(String prefix) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
      Object builder =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(type)).invoke();
      builder =
          lookup
              .findVirtual(type, "name", MethodType.methodType(type, String.class, long.class))
              .invoke(builder, prefix, 1L);
      builder =
          lookup
              .findVirtual(
                  type,
                  "inheritInheritableThreadLocals",
                  MethodType.methodType(type, boolean.class))
              .invoke(builder, false);
      return (ThreadFactory)
          lookup
              .findVirtual(type, "factory", MethodType.methodType(ThreadFactory.class))
              .invoke(builder);
    } catch (Throwable error) {
      throw new LinkageError(
          "This JDK says that it has virtual threads, but not how to start one.", error);
    }
  }
}
