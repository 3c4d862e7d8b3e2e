package dev.postlude.queue.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times in which another system takes no tasks. They wait in the queue then, for however long
 * that is; one of them tries from time to time, the longer it lasts the more rarely. Safe for any
 * thread.
 */
final class Outage {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);
  private static final long TELL_EVERY = TimeUnit.MINUTES.toNanos(1);

  private final String name;
  private @Nullable String reason; // guarded by this, as all below; null while all is well
  private long since;
  private long tryAt;
  private long tellAt;

  Outage(String name) {
    this.name = name;
  }

  /** How long to wait before it is tried; zero for the one who is to try now. */
  synchronized Duration before() {
    long now = System.nanoTime();
    if (reason == null) {
      return Duration.ZERO;
    }
    if (now - tryAt >= 0) {
      tryAt = now + pause(now); // for the others
      return Duration.ZERO;
    }
    return spread(now);
  }

  /** Takes note that it did not work, and returns how long to wait. */
  synchronized Duration failed(String why) {
    long now = System.nanoTime();
    if (reason == null) {
      since = now;
      tellAt = now;
    }
    reason = why;
    tryAt = now + pause(now);
    if (now - tellAt >= 0) {
      tellAt = now + TELL_EVERY;
      LOG.log(
          Level.WARNING,
          name
              + " cannot be handed over, and waits: "
              + why
              + "; tried again in "
              + TimeUnit.NANOSECONDS.toMillis(tryAt - now)
              + " ms"
              + (now == since
                  ? ""
                  : " (for " + TimeUnit.NANOSECONDS.toSeconds(now - since) + " s now)"));
    }
    return spread(now);
  }

  /** Takes note that it works. */
  synchronized void over() {
    if (reason != null) {
      reason = null;
      LOG.log(
          Level.INFO,
          name
              + " can be handed over again, after "
              + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since)
              + " s");
    }
  }

  /** Why it does not work; null while it does. */
  synchronized @Nullable String reason() {
    return reason;
  }

  private long pause(long now) {
    return Math.min(LONGEST, Math.max(SHORTEST, (now - since) / 2));
  }

  /** Not all at the same moment. */
  private Duration spread(long now) {
    long wait = Math.max(SHORTEST, tryAt - now);
    return Duration.ofNanos(wait + ThreadLocalRandom.current().nextLong(wait / 4 + 1));
  }
}
