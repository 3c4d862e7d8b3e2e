package dev.postlude.background;

import dev.postlude.context.Attributes;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a task may know of the request that it came from: plain values that can be kept for ever.
 *
 * @param requestId the id of the request
 * @param method the method of the request
 * @param path the path as it was asked for
 * @param route the pattern that matched, or an empty text when none did
 * @param attributes what filters and handler attached to the request
 * @param receivedAt when the head of the request had arrived
 * @param status the status of the response; 0 when none was begun
 * @param bytesWritten the bytes of the response's body that were written
 * @param outcome what became of the response
 * @param finishedAt when that was known; null while it is {@link Outcome#PENDING}
 */
public record Exchange(
    String requestId,
    String method,
    String path,
    String route,
    Attributes attributes,
    Instant receivedAt,
    int status,
    long bytesWritten,
    Outcome outcome,
    @Nullable Instant finishedAt) {

  /** Refuses what is missing. */
  public Exchange {
    Objects.requireNonNull(requestId, "An exchange needs a request id.");
    Objects.requireNonNull(method, "An exchange needs a method.");
    Objects.requireNonNull(path, "An exchange needs a path.");
    Objects.requireNonNull(route, "An exchange needs a route; it is empty when none matched.");
    Objects.requireNonNull(attributes, "An exchange needs attributes, if only Attributes.empty().");
    Objects.requireNonNull(receivedAt, "An exchange needs the time at which it was received.");
    Objects.requireNonNull(outcome, "An exchange needs an outcome, if only Outcome.PENDING.");
  }

  /** Returns a copy that tells how it ended. */
  public Exchange finished(Outcome outcome, int status, long bytesWritten, Instant at) {
    return new Exchange(
        requestId, method, path, route, attributes, receivedAt, status, bytesWritten, outcome, at);
  }
}
