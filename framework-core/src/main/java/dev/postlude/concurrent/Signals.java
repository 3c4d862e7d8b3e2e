package dev.postlude.concurrent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * SIGTERM and SIGINT: the first one stops all servers and workers of this process gracefully and
 * ends it with 0, or with 1 if one of them could not be stopped; the second ends it at once. By
 * reflection, since {@code sun.misc.Signal} is in every JDK but cannot be compiled against without
 * a warning.
 */
public final class Signals {
  private static final Logger LOG = System.getLogger("dev.postlude");
  private static final long ECHO_NANOS = 500_000_000L;
  private static final Set<Runnable> STOPPERS = new LinkedHashSet<>();
  private static boolean installed;
  private static boolean stopping;
  private static long firstAt;

  private Signals() {}

  /** Has this run when the process is told to end, on a thread of its own. */
  public static synchronized void register(Runnable stopper) {
    STOPPERS.add(stopper);
    if (!installed) {
      installed = true;
      install("TERM");
      install("INT");
    }
  }

  /** Has it run no more, unless it is running already. */
  public static synchronized void forget(Runnable stopper) {
    STOPPERS.remove(stopper);
  }

  private static void install(String signal) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> called(signal, method, arguments));
      type.getMethod("handle", type, handlerType)
          .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
    } catch (ReflectiveOperationException e) {
      LOG.log(Level.DEBUG, "SIG" + signal + " cannot be handled on this JVM", e);
    }
  }

  private static Object called(String signal, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> false;
      case "hashCode" -> 0;
      case "toString" -> "Signals";
      default -> {
        stop(signal);
        yield arguments;
      }
    };
  }

  /**
   * What comes right behind the first signal is its echo: some launchers pass a signal on that the
   * whole group got already.
   */
  private static void endAtOnce(String signal) {
    if (System.nanoTime() - firstAt > ECHO_NANOS) {
      LOG.log(Level.WARNING, "SIG" + signal + " again: ending at once");
      Runtime.getRuntime().halt(130);
    }
  }

  private static void stop(String signal) {
    Set<Runnable> running;
    synchronized (Signals.class) {
      if (stopping) {
        endAtOnce(signal);
        return;
      }
      stopping = true;
      firstAt = System.nanoTime();
      running = new LinkedHashSet<>(STOPPERS);
    }
    LOG.log(Level.INFO, "SIG" + signal + ": stopping");
    new Thread(() -> System.exit(stopAll(running)), "postlude-stop").start();
  }

  /** Runs them one after the other, whatever one of them throws, and returns how to exit. */
  private static int stopAll(Set<Runnable> stoppers) {
    int status = 0;
    for (Runnable each : stoppers) {
      try {
        each.run();
      } catch (Throwable t) {
        status = 1;
        LOG.log(Level.ERROR, "something could not be stopped: ending all the same, with 1", t);
      }
    }
    return status;
  }
}
