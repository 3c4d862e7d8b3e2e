package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.background.BackgroundRunner;
import dev.postlude.background.Exchange;
import dev.postlude.background.FinishHooks;
import dev.postlude.background.Outcome;
import dev.postlude.background.Tasks;
import dev.postlude.context.ContextCarrier;
import dev.postlude.http.Endpoint;
import dev.postlude.http.Headers;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.Trail;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Has a request handled, and sees to it that what is to come after the response has its place
 * before the response is written. On the thread that it is called on: the hops there and back stand
 * in {@link Batch}.
 */
final class Dispatcher {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  /** The answer when even making an error answer failed. */
  private static final Response LAST_RESORT = Response.text(500, "Internal Server Error");

  private static final Set<String> OF_EVERY_ANSWER =
      Set.of(
          "vary",
          "x-request-id",
          "strict-transport-security",
          "x-content-type-options",
          "x-frame-options",
          "referrer-policy",
          "content-security-policy");

  private final BackgroundRunner runner;

  Dispatcher(BackgroundRunner runner) {
    this.runner = runner;
  }

  /** Who waits for the response. */
  interface Recipient {
    /**
     * Called once, on any thread.
     *
     * @param admission to be released when the last write is done, or {@code null} when nothing is
     *     to happen then
     */
    void answer(Response response, @Nullable Admission admission);
  }

  /** Calls the endpoint's handler on the current thread. */
  void handle(Endpoint endpoint, Request request, Trail trail, Recipient recipient) {
    finish(call(endpoint, request), request, trail, recipient);
  }

  /** Answers a request whose handler cannot be called any more. */
  void refuse(Request request, Trail trail, Recipient recipient) {
    finish(unavailable("the server is stopping"), request, trail, recipient);
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
      recipient.answer(response, null);
      return;
    }
    Response admitted = response;
    Admission admission = null;
    FinishHooks after = hooks == null ? new FinishHooks() : hooks;
    try {
      admission = runner.admit(exchange(request, trail, response), after, tasks);
      if (admission == null) {
        admitted = inPlaceOf(response, unavailable("too much background work is waiting"));
        admission = runner.admit(exchange(request, trail, admitted), after, Tasks.none());
      }
    } catch (RuntimeException e) {
      admitted = inPlaceOf(response, failed(request, e));
      admission = runner.admit(exchange(request, trail, admitted), after, Tasks.none());
    }
    if (admission == null || admission.storing() == null) {
      recipient.answer(admitted, admission);
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
                recipient.answer(response, admission);
                return;
              }
              Response refusal = inPlaceOf(response, notStored(request, error));
              admission.cancel("it could not be stored");
              recipient.answer(
                  refusal, runner.admit(exchange(request, trail, refusal), hooks, Tasks.none()));
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

  /**
   * The refusal with what filters say of every answer, whatever it is: they have seen another one.
   * Without it a script of another origin could not even read the status.
   */
  private static Response inPlaceOf(Response answer, Response refusal) {
    Response instead = refusal;
    Headers headers = answer.headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i).toLowerCase(Locale.ROOT);
      if (name.startsWith("access-control-") || OF_EVERY_ANSWER.contains(name)) {
        instead = instead.addHeader(headers.name(i), headers.value(i));
      }
    }
    return instead;
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

  private static Response unavailable(String detail) {
    return Response.problem(503, detail).header("Retry-After", "1");
  }
}
