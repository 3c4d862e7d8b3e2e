package dev.postlude.filter;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Lets so many requests in at a time and answers the others with 503 and {@code Retry-After}: RFC
 * 9110 sections 10.2.3 and 15.6.4. Nobody waits.
 *
 * <p>A request is inside until its response is there, also an asynchronous one; writing it,
 * streamed content included, and background tasks do not count. One filter is one count, however
 * many routes and groups it stands around.
 */
public final class ConcurrencyLimit implements Filter {
  private final int most;
  private final Semaphore places;
  private final HttpException refusal;

  private ConcurrencyLimit(int most, Duration retryAfter) {
    this.most = most;
    this.places = new Semaphore(most);
    this.refusal =
        new HttpException(503, "too many requests are being handled, try again later")
            .header("Retry-After", Long.toString(retryAfter.toSeconds()));
  }

  /**
   * A limit; refused clients are asked to come again after a second.
   *
   * @param most 1 or more
   */
  public static ConcurrencyLimit of(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a limit lets 1 request in or more, not " + most);
    }
    return new ConcurrencyLimit(most, Duration.ofSeconds(1));
  }

  /**
   * A copy, with a count of its own, that asks refused clients to come again after another time.
   *
   * @param time a second or more; told in whole seconds
   */
  public ConcurrencyLimit retryAfter(Duration time) {
    if (time.toSeconds() < 1) {
      throw new IllegalArgumentException("Retry-After is told in seconds, 1 or more, not " + time);
    }
    return new ConcurrencyLimit(most, time);
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    if (!places.tryAcquire()) {
      throw refusal;
    }
    boolean stillInside = false;
    try {
      Response response = next.handle(request);
      CompletionStage<Response> pending = response.pending();
      if (pending == null) {
        return response;
      }
      Response leaving = Response.async(pending.whenComplete((known, error) -> places.release()));
      stillInside = true;
      return leaving;
    } finally {
      if (!stillInside) {
        places.release();
      }
    }
  }
}
