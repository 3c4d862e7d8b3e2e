package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.background.BackgroundRunner;
import dev.postlude.background.Exchange;
import dev.postlude.background.FinishHooks;
import dev.postlude.background.Outcome;
import dev.postlude.background.Tasks;
import dev.postlude.context.ContextCarrier;
import dev.postlude.http.Endpoint;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.Trail;
import io.netty.channel.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request from the event loop to its handler and the response back: the two thread hops
 * stand here and nowhere else.
 *
 * <pre>
 *   event loop -- execute --> worker: filters, handler, places for the tasks -- execute --> event loop
 *        '---------------- onEventLoop() routes: the same without the hops ----------------'
 * </pre>
 */
final class Dispatcher {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  /** The answer when even making an error answer failed. */
  private static final Response LAST_RESORT = Response.text(500, "Internal Server Error");

  private final ExecutorService workers;
  private final BackgroundRunner runner;

  Dispatcher(ExecutorService workers, BackgroundRunner runner) {
    this.workers = workers;
    this.runner = runner;
  }

  /** Who waits for the response. */
  interface Recipient {
    EventLoop eventLoop();

    /**
     * Called once, on the event loop.
     *
     * @param admission to be released when the last write is done, or {@code null} when nothing is
     *     to happen then
     */
    void answer(Response response, @Nullable Admission admission);
  }

  /** Calls the endpoint's handler where it wants to be called. Does not block. */
  void dispatch(Endpoint endpoint, Request request, Trail trail, Recipient recipient) {
    if (endpoint.onEventLoop()) {
      run(endpoint, request, trail, recipient);
      return;
    }
    try {
      workers.execute(() -> run(endpoint, request, trail, recipient));
    } catch (RejectedExecutionException e) {
      finish(unavailable("the server is stopping"), request, trail, recipient);
    }
  }

  private void run(Endpoint endpoint, Request request, Trail trail, Recipient recipient) {
    finish(call(endpoint, request), request, trail, recipient);
  }

  private Response call(Endpoint endpoint, Request request) {
    if (runner.carriers().isEmpty()) {
      return handle(endpoint, request);
    }
    ContextCarrier.Scope scope = runner.carriers().makeCurrent();
    try {
      return handle(endpoint, request);
    } finally {
      scope.close();
    }
  }

  private static Response handle(Endpoint endpoint, Request request) {
    try {
      return endpoint.handler().handle(request);
    } catch (Throwable t) {
      return failed(request, t);
    }
  }

  private void finish(Response response, Request request, Trail trail, Recipient recipient) {
    CompletionStage<Response> pending = response.pending();
    if (pending == null) {
      admit(response, request, trail, recipient);
    } else {
      pending.whenComplete(
          (known, error) ->
              finish(error == null ? known : failed(request, error), request, trail, recipient));
    }
  }

  private static Response failed(Request request, Throwable cause) {
    LOG.log(Level.ERROR, () -> "no answer could be made for request " + request.id(), cause);
    return LAST_RESORT;
  }

  /**
   * Reserves the places of the response's tasks, so that no 202 is written for what cannot be
   * taken.
   */
  private void admit(Response response, Request request, Trail trail, Recipient recipient) {
    FinishHooks hooks = trail.end();
    Tasks tasks = response.tasks();
    if (hooks == null && tasks.isEmpty()) {
      handOver(response, null, recipient);
      return;
    }
    Response admitted = response;
    Admission admission = null;
    FinishHooks after = hooks == null ? new FinishHooks() : hooks;
    try {
      admission = runner.admit(exchange(request, trail, response), after, tasks);
      if (admission == null) {
        admitted = unavailable("too much background work is waiting");
        admission = runner.admit(exchange(request, trail, admitted), after, Tasks.none());
      }
    } catch (RuntimeException e) {
      admitted = failed(request, e);
      admission = runner.admit(exchange(request, trail, admitted), after, Tasks.none());
    }
    if (admission == null || admission.storing() == null) {
      handOver(admitted, admission, recipient);
    } else {
      awaitStored(admitted, admission, request, trail, after, recipient);
    }
  }

  /** Lets the response go once the tasks that are to be stored are safe, or refuses instead. */
  private void awaitStored(
      Response response,
      Admission admission,
      Request request,
      Trail trail,
      FinishHooks hooks,
      Recipient recipient) {
    Objects.requireNonNull(admission.storing())
        .whenComplete(
            (stored, error) -> {
              if (error == null) {
                handOver(response, admission, recipient);
                return;
              }
              Response refusal = notStored(request, error);
              admission.cancel("it could not be stored");
              handOver(
                  refusal,
                  runner.admit(exchange(request, trail, refusal), hooks, Tasks.none()),
                  recipient);
            });
  }

  private static Response notStored(Request request, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof HttpException refusal) {
      return Response.problem(refusal);
    }
    LOG.log(Level.ERROR, () -> "a task of request " + request.id() + " could not be stored", cause);
    return unavailable("the work could not be stored");
  }

  private static Exchange exchange(Request request, Trail trail, Response response) {
    return new Exchange(
        request.id(),
        request.method().name(),
        request.path(),
        request.route(),
        trail.attributes(),
        request.receivedAt(),
        response.status(),
        0,
        Outcome.PENDING,
        null);
  }

  private static void handOver(
      Response response, @Nullable Admission admission, Recipient recipient) {
    EventLoop loop = recipient.eventLoop();
    if (loop.inEventLoop()) {
      recipient.answer(response, admission);
      return;
    }
    try {
      loop.execute(() -> recipient.answer(response, admission));
    } catch (RejectedExecutionException e) {
      Afterwards.cutOff(admission, response.status(), 0, true);
    }
  }

  private static Response unavailable(String detail) {
    return Response.problem(503, detail).header("Retry-After", "1");
  }
}
