package dev.postlude.http;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for requests: the client's own where it is harmless, else one that no other request of this
 * or another process has.
 */
final class RequestId {
  static final String HEADER = "X-Request-Id";

  private static final int MAX_LENGTH = 128;
  private static final String PROCESS =
      Long.toHexString(new SecureRandom().nextLong() | Long.MIN_VALUE);
  private static final AtomicLong COUNTER = new AtomicLong();

  private RequestId() {}

  static String of(Headers headers) {
    String given = headers.first(HEADER);
    return given != null && isHarmless(given) ? given : next();
  }

  static String next() {
    return PROCESS + "-" + COUNTER.incrementAndGet();
  }

  private static boolean isHarmless(String id) {
    return id.length() <= MAX_LENGTH && Token.isToken(id);
  }
}
