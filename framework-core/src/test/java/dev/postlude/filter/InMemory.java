package dev.postlude.filter;

import dev.postlude.App;
import dev.postlude.http.Body;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.ResponseStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Filters around a handler, called without a socket. */
final class InMemory {
  private InMemory() {}

  /** What an app of one route, {@code GET /}, answers; waited for if it is still to come. */
  static Response answer(Filter filter, Request request, Handler handler) throws Exception {
    return known(
        App.of(
                routes -> {
                  routes.filter(filter);
                  routes.get("/", handler);
                })
            .handle(request));
  }

  /** The response, waited for if it is still to come. */
  static Response known(Response response) throws Exception {
    Response known = response;
    while (known.pending() != null) {
      known = known.pending().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    return known;
  }

  /** The same answer from another thread, later. */
  static Handler later(Handler handler) {
    return request ->
        Response.async(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return handler.handle(request);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }));
  }

  static String header(Response response, String name) {
    return String.join(" | ", response.headers().all(name));
  }

  /** The names of the header fields, in order. */
  static List<String> names(Response response) {
    List<String> names = new ArrayList<>();
    response.headers().forEach((name, value) -> names.add(name));
    return names;
  }

  static byte[] content(Response response) throws Exception {
    if (response.body() instanceof Body.Stream stream) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      stream.writer().write(ResponseStream.to(out));
      return out.toByteArray();
    }
    return ((Body.Bytes) response.body()).array();
  }

  static String text(Response response) throws Exception {
    return new String(content(response), StandardCharsets.UTF_8);
  }

  static List<String> tasks(Response response) {
    return response.tasks().list().stream().flatMap(task -> task.names().stream()).toList();
  }
}
