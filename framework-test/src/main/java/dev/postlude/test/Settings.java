package dev.postlude.test;

import java.time.Duration;

/**
 * How a client treats its calls.
 *
 * @param raises whether a failed task fails the test
 * @param waits whether a call returns after its tasks only
 * @param patience how long it waits, for a response and then for its tasks
 */
record Settings(boolean raises, boolean waits, Duration patience) {
  static final Settings USUAL = new Settings(true, true, Duration.ofSeconds(10));
}
