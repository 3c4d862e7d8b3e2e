package dev.postlude.routing;

import dev.postlude.http.Accept;
import dev.postlude.http.DisconnectedException;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Problem;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The line that no exception crosses: behind it, handlers throw; before it, there are only
 * responses. The error handler registered for the nearest class answers, the innermost group's
 * first; without one, an {@link HttpException} answers for itself and anything else is a 500 that
 * says nothing, its cause in the log. What it answers itself is a problem document, or text for
 * clients that would rather have it; the status page of its scope, if there is one, has the last
 * word.
 */
final class ErrorBoundary {
  private static final Logger LOG = System.getLogger("dev.postlude");

  private final Map<Class<? extends Throwable>, ErrorHandler<?>> handlers;
  private final Map<Integer, StatusPage> pages;

  ErrorBoundary(
      Map<Class<? extends Throwable>, ErrorHandler<?>> handlers, Map<Integer, StatusPage> pages) {
    this.handlers = Map.copyOf(handlers);
    this.pages = Map.copyOf(pages);
  }

  /**
   * The handlers and pages of a group inside a scope: the group's own stand before those around it.
   */
  static ErrorBoundary inside(
      ErrorBoundary outer,
      Map<Class<? extends Throwable>, ErrorHandler<?>> ownHandlers,
      Map<Integer, StatusPage> ownPages) {
    if (ownHandlers.isEmpty() && ownPages.isEmpty()) {
      return outer;
    }
    Map<Class<? extends Throwable>, ErrorHandler<?>> handlers = new HashMap<>(outer.handlers);
    handlers.putAll(ownHandlers);
    Map<Integer, StatusPage> pages = new HashMap<>(outer.pages);
    pages.putAll(ownPages);
    return new ErrorBoundary(handlers, pages);
  }

  /** Whether only this file's own code answers for errors. */
  boolean isPlain() {
    return handlers.isEmpty() && pages.isEmpty();
  }

  /** The handler behind this boundary: it throws nothing and does not return {@code null}. */
  Handler around(Handler handler) {
    return request -> answer(request, handler, () -> 0);
  }

  /** The handler and the filter around it, behind this boundary. */
  Handler around(Filter filter, Handler handler) {
    if (pages.isEmpty()) {
      return around(filter.around(handler));
    }
    return request -> {
      Further further = new Further(handler);
      return answer(request, filter.around(further), () -> further.status);
    };
  }

  /**
   * What stands behind a filter; remembers what it answered, since the page for that has been asked
   * already.
   */
  private static final class Further implements Handler {
    private final Handler handler;
    private volatile int status;

    Further(Handler handler) {
      this.handler = handler;
    }

    @Override
    public Response handle(Request request) throws Exception {
      return handler.handle(request).map(this::seen);
    }

    private Response seen(Response response) {
      status = response.status();
      return response;
    }
  }

  private Response answer(Request request, Handler handler, IntSupplier paged) {
    try {
      Response response = handler.handle(request);
      if (response == null) {
        throw new NullPointerException(
            "it returned null: return Response.noContent() if there is nothing to say");
      }
      CompletionStage<Response> pending = response.pending();
      return pending == null
          ? page(request, response, paged)
          : Response.async(recovered(request, pending, paged));
    } catch (Throwable error) {
      return respond(request, error);
    }
  }

  private CompletionStage<Response> recovered(
      Request request, CompletionStage<Response> pending, IntSupplier paged) {
    return pending.handle(
        (response, error) -> {
          if (error != null) {
            return respond(request, unwrapped(error));
          }
          if (response == null) {
            return respond(request, new NullPointerException("its stage completed with null"));
          }
          CompletionStage<Response> again = response.pending();
          return again == null
              ? page(request, response, paged)
              : Response.async(recovered(request, again, paged));
        });
  }

  /**
   * The page for a status where it comes up: in a handler, a filter or an error handler, and not
   * again in the filters around.
   *
   * @param paged the status whose page has been asked further in, or 0
   */
  private Response page(Request request, Response response, IntSupplier paged) {
    if (pages.isEmpty()) {
      return response;
    }
    int status = response.status();
    StatusPage page = pages.get(status);
    if (page == null || status == paged.getAsInt()) {
      return response;
    }
    try {
      Response paper = page.handle(request, response);
      if (paper == null) {
        throw new NullPointerException("the page for " + status + " returned null");
      }
      return paper;
    } catch (Throwable failure) {
      return lastResort(request, failure);
    }
  }

  private static Throwable unwrapped(Throwable error) {
    Throwable cause = error.getCause();
    boolean wrapper = error instanceof CompletionException || error instanceof ExecutionException;
    return wrapper && cause != null ? cause : error;
  }

  private Response respond(Request request, Throwable error) {
    return mapped(request, error).map(response -> page(request, response, () -> 0));
  }

  private Response mapped(Request request, Throwable error) {
    if (error instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    if (DisconnectedException.isBehind(error)) {
      LOG.log(Level.DEBUG, () -> "no answer for " + named(request) + ": the client is gone", error);
      return Response.problem(400, "the request was not whole"); // which nobody will see
    }
    try {
      ErrorHandler<?> handler = nearest(error.getClass());
      if (handler != null) {
        Response response = call(handler, request, error);
        if (response != null) {
          return response;
        }
        throw new NullPointerException(
            "the error handler for " + error.getClass().getName() + " returned null");
      }
      if (error instanceof HttpException answer) {
        return Response.problem(answer, Accept.of(request.headers(), "Accept"));
      }
      log(request, error);
      return Response.problem(Problem.of(500, ""), Accept.of(request.headers(), "Accept"));
    } catch (Throwable failure) {
      if (failure != error) {
        failure.addSuppressed(error);
      }
      return lastResort(request, failure);
    }
  }

  private static Response lastResort(Request request, Throwable failure) {
    log(request, failure);
    return Response.text(500, "Internal Server Error");
  }

  private @Nullable ErrorHandler<?> nearest(Class<?> thrown) {
    if (handlers.isEmpty()) {
      return null;
    }
    for (Class<?> each = thrown; each != null; each = each.getSuperclass()) {
      ErrorHandler<?> handler = handlers.get(each);
      if (handler != null) {
        return handler;
      }
    }
    return null;
  }

  /** Sound because a handler is registered under the class that it takes. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> @Nullable Response call(
      ErrorHandler<E> handler, Request request, Throwable error) throws Exception {
    return handler.handle(request, (E) error);
  }

  private static void log(Request request, Throwable error) {
    LOG.log(Level.ERROR, () -> "500 for " + named(request), error);
  }

  private static String named(Request request) {
    String route = request.route().isEmpty() ? "no route" : request.route();
    return request.method() + " " + route + ", request " + request.id();
  }
}
