package dev.postlude.test;

import dev.postlude.http.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Plain calls, made by the JDK's HTTP client: HTTP/1.1, no redirects followed, no cookies kept. */
final class PlainHttp {
  // One for all, since nothing ends its threads before the garbage collector does.
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  private PlainHttp() {}

  /** Makes a call, and returns when its client's promise is kept. */
  static TestResponse send(TestRequest request, RunningApp app, Settings settings) {
    int port = app.server(settings).port();
    Call call = app.call(request.toString(), settings);
    HttpRequest message = message(request, port, call);
    HttpResponse<byte[]> answer;
    try {
      answer = exchange(message, call, app, settings);
    } catch (IOException broken) {
      UncheckedIOException error =
          new UncheckedIOException(
              "The connection broke before " + request + " was answered.", broken);
      try {
        app.follow(call, settings);
      } catch (AssertionError afterwards) {
        error.addSuppressed(afterwards);
      }
      throw error;
    } finally {
      app.calls.answered(call);
    }
    app.follow(call, settings);
    return new TestResponse(
        answer.statusCode(), headers(answer), answer.body(), () -> app.calls.tasks(call));
  }

  private static HttpRequest message(TestRequest request, int port, Call call) {
    byte[] content = request.body();
    BodyPublisher body =
        content == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(content);
    HttpRequest.Builder message =
        HttpRequest.newBuilder(uri(request.target(), port))
            .method(request.method().name(), body)
            .header(Calls.HEADER, call.id);
    request.headers().forEach((name, value) -> header(message, name, value));
    return message.build();
  }

  private static URI uri(String target, int port) {
    try {
      return new URI("http://127.0.0.1:" + port + target);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(
          "This is no path with an optional query; percent-encode what may not stand in one, a"
              + " space as %20: "
              + target,
          malformed);
    }
  }

  private static void header(HttpRequest.Builder message, String name, String value) {
    try {
      message.header(name, value);
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          "The JDK's HTTP client writes \"" + name + "\" itself; given() can send it.", refused);
    }
  }

  private static HttpResponse<byte[]> exchange(
      HttpRequest message, Call call, RunningApp app, Settings settings) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        HTTP.sendAsync(message, BodyHandlers.ofByteArray());
    try {
      return answer.get(TimeUnit.NANOSECONDS.convert(settings.patience()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      AssertionError error = app.unanswered(call, late, settings);
      answer.cancel(true);
      throw error;
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "The test was interrupted while it waited for an answer to " + call.name + ".",
          interrupted);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException broken) {
        throw broken;
      }
      throw new IllegalStateException(call.name + " could not be sent.", failed.getCause());
    }
  }

  private static Headers headers(HttpResponse<?> answer) {
    List<String> fields = new ArrayList<>();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> {
                      fields.add(name);
                      fields.add(value);
                    }));
    return Headers.of(fields.toArray(String[]::new));
  }
}
