package dev.postlude.test;

import java.net.CookieManager;
import java.time.Duration;
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
}
