package dev.postlude.routing;

import dev.postlude.http.Request;
import dev.postlude.http.Response;

/**
 * What answers when a handler or filter threw an exception of some class. Called on the thread that
 * the exception was thrown on, or that completed an asynchronous response; what it throws itself
 * becomes a plain 500.
 */
@FunctionalInterface
public interface ErrorHandler<E extends Throwable> {
  Response handle(Request request, E error) throws Exception;
}
