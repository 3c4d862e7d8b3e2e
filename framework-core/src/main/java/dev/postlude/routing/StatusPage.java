package dev.postlude.routing;

import dev.postlude.http.Request;
import dev.postlude.http.Response;

/**
 * What an error response of some status is turned into before a client gets to see it.
 *
 * <p>The page says all that is sent: a response made anew drops the headers and the background
 * tasks of the one that was there. To keep them, such as {@code Allow} on 405 and {@code
 * WWW-Authenticate} on 401, change what was there: {@code (request, response) ->
 * response.content(MediaType.HTML, page)}.
 *
 * <p>Called on the thread of the handler, or on the one that completed an asynchronous response;
 * what it throws becomes a plain 500.
 */
@FunctionalInterface
public interface StatusPage {
  /** Answers in place of the error response that handlers, filters or error handlers made. */
  Response handle(Request request, Response response) throws Exception;
}
