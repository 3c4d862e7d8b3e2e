package dev.postlude.http;

/**
 * What answers a request: the one contract that everything here is made of.
 *
 * <p>Called on a worker thread (a virtual one on JDK 21 and later), where it may block, or on the
 * event loop if its route asked for that with {@code onEventLoop()}, where it may not. Called by
 * many threads at once, each of which serves other requests before and after: a {@link ThreadLocal}
 * that is set is to be cleared. What it throws becomes an error response; {@code null} is a
 * programming error and answers 500.
 */
@FunctionalInterface
public interface Handler {
  Response handle(Request request) throws Exception;
}
