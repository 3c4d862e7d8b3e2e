package dev.postlude.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a client treats its calls.
 *
 * @param raises whether a failed task fails the test
 * @param waits whether a call returns after its tasks only
 * @param patience how long it waits, for a response and then for its tasks
 * @param cookies what it has been given and sends back; {@code null} if it keeps none
 */
record Settings(boolean raises, boolean waits, Duration patience, @Nullable CookieManager cookies) {
  static final Settings USUAL = new Settings(true, true, Duration.ofSeconds(10), null);

  Settings raising(boolean raises) {
    return new Settings(raises, waits, patience, cookies);
  }

  Settings notWaiting() {
    return new Settings(raises, false, patience, cookies);
  }

  Settings waitingAtMost(Duration patience) {
    Objects.requireNonNull(patience, "waitAtMost() needs a duration.");
    if (patience.isZero() || patience.isNegative()) {
      throw new IllegalArgumentException(
          "waitAtMost() takes more than zero; not to wait at all say fireAndForget(): " + patience);
    }
    return new Settings(raises, waits, patience, cookies);
  }

  /** With no cookies yet. */
  Settings keepingCookies() {
    CookieManager none = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    return new Settings(raises, waits, patience, none);
  }

  /** Hands out the header fields for the cookies that belong to this address. */
  void sendCookies(URI uri, BiConsumer<String, String> field) {
    if (cookies != null) {
      try {
        cookies
            .get(uri, Map.of())
            .forEach((name, values) -> values.forEach(value -> field.accept(name, value)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Takes the cookies out of an answer's header fields. */
  void keepCookies(URI uri, Map<String, List<String>> headers) {
    if (cookies != null) {
      try {
        cookies.put(uri, headers);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
