package dev.postlude.http;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Names for requests: the client's own where it is harmless, else one that no other request of this
 * or another process has.
 */
final class RequestId {
  static final String HEADER = "X-Request-Id";

  private static final int MAX_LENGTH = 128;
  private static final String PROCESS =
      Long.toHexString(new SecureRandom().nextLong() | Long.MIN_VALUE);

  /** Threads count apart: a number that several of them write costs more than the name does. */
  private static final int COUNTERS = 16;

  /** In longs: so much, and counters do not share what a processor takes from another one. */
  private static final int DISTANCE = 16;

  private static final AtomicLongArray COUNTED = new AtomicLongArray((COUNTERS + 1) * DISTANCE);

  private RequestId() {}

  static String of(Headers headers) {
    String given = headers.first(HEADER);
    return given != null && isHarmless(given) ? given : next();
  }

  static String next() {
    int counter = (int) (Thread.currentThread().getId() % COUNTERS);
    long counted = COUNTED.incrementAndGet((counter + 1) * DISTANCE);
    return PROCESS + "-" + (counted * COUNTERS + counter);
  }

  private static boolean isHarmless(String id) {
    return id.length() <= MAX_LENGTH && Token.isToken(id);
  }
}
