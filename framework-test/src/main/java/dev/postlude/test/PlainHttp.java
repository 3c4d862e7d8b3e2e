package dev.postlude.test;

import dev.postlude.http.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/**
 * Plain calls of one client, made by the JDK's HTTP client: HTTP/1.1, or HTTP/2 over TLS; no
 * redirects followed.
 */
final class PlainHttp {
  private final RunningApp app;
  private final Settings settings;

  PlainHttp(RunningApp app, Settings settings) {
    this.app = app;
    this.settings = settings;
  }

  /** Makes a call, and returns when its client's promise is kept. */
  TestResponse send(TestRequest request) {
    URI uri = uri(request.target());
    Call call = app.call(request.toString(), settings);
    HttpRequest message = message(request, uri, call);
    HttpResponse<byte[]> answer;
    try {
      answer = await(app.http(settings).sendAsync(message, BodyHandlers.ofByteArray()), call);
    } catch (IOException broken) {
      throw broken(request, broken, call);
    } finally {
      app.calls.answered(call);
    }
    settings.keepCookies(uri, answer.headers().map());
    app.follow(call, settings);
    return new TestResponse(
        answer.statusCode(), headers(answer), answer.body(), () -> app.calls.tasks(call));
  }

  /** Makes a call, and returns when the answer has begun. */
  TestEvents events(TestRequest request) {
    URI uri = uri(request.target());
    Call call = app.call(request.toString(), settings);
    HttpRequest message = message(request.header("Accept", "text/event-stream"), uri, call);
    TestEvents events = new TestEvents(request.toString(), settings.patience());
    CompletableFuture<ResponseInfo> begun = new CompletableFuture<>();
    CompletableFuture<HttpResponse<Void>> answer =
        app.http(settings)
            .sendAsync(
                message,
                info -> {
                  begun.complete(info);
                  return BodySubscribers.fromLineSubscriber(
                      events.lines(), lines -> null, StandardCharsets.UTF_8, null);
                });
    answer.whenComplete(
        (done, error) -> {
          if (error != null) {
            begun.completeExceptionally(error);
          }
        });
    events.atEnd(() -> answer.cancel(true));
    events.atEnd(() -> app.follow(call, settings));
    ResponseInfo info;
    try {
      info = await(begun, call);
    } catch (IOException broken) {
      throw broken(request, broken, call);
    } finally {
      app.calls.answered(call);
    }
    settings.keepCookies(uri, info.headers().map());
    String type = info.headers().firstValue("Content-Type").orElse("no Content-Type");
    if (info.statusCode() != 200 || !type.startsWith("text/event-stream")) {
      events.close();
      throw new AssertionError(
          request + " was not answered with events, but with " + info.statusCode() + ", " + type);
    }
    return events;
  }

  /** Opens a WebSocket. */
  TestWebSocket webSocket(TestRequest request, String... subprotocols) {
    URI uri = uri(request.target());
    Call call = app.call(request.toString(), settings);
    TestWebSocket socket =
        new TestWebSocket(
            request.toString(), settings.patience(), () -> app.follow(call, settings));
    WebSocket.Builder opening = app.http(settings).newWebSocketBuilder();
    fields(request, uri, call, opening::header);
    if (subprotocols.length > 0) {
      opening.subprotocols(
          subprotocols[0],
          List.of(subprotocols).subList(1, subprotocols.length).toArray(String[]::new));
    }
    URI there = URI.create(uri.toString().replaceFirst("http", "ws"));
    try {
      socket.open(await(opening.buildAsync(there, socket.listener()), call));
    } catch (WebSocketHandshakeException refused) {
      app.follow(call, settings);
      throw new AssertionError(
          request + " opened no WebSocket: the status is " + refused.getResponse().statusCode(),
          refused);
    } catch (IOException broken) {
      throw broken(request, broken, call);
    } finally {
      app.calls.answered(call);
    }
    return socket;
  }

  private UncheckedIOException broken(TestRequest request, IOException cause, Call call) {
    UncheckedIOException error =
        new UncheckedIOException(
            "The connection broke before " + request + " was answered.", cause);
    try {
      app.follow(call, settings);
    } catch (AssertionError afterwards) {
      error.addSuppressed(afterwards);
    }
    return error;
  }

  private HttpRequest message(TestRequest request, URI uri, Call call) {
    byte[] content = request.body();
    BodyPublisher body =
        content == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(content);
    HttpRequest.Builder message = HttpRequest.newBuilder(uri).method(request.method().name(), body);
    fields(request, uri, call, message::header);
    return message.build();
  }

  private void fields(TestRequest request, URI uri, Call call, BiConsumer<String, String> message) {
    message.accept(Calls.HEADER, call.id);
    request.headers().forEach((name, value) -> header(message, name, value));
    settings.sendCookies(uri, message);
  }

  private URI uri(String target) {
    try {
      return new URI(app.server(settings).uri() + target);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(
          "This is no path with an optional query; percent-encode what may not stand in one, a"
              + " space as %20: "
              + target,
          malformed);
    }
  }

  private static void header(BiConsumer<String, String> message, String name, String value) {
    try {
      message.accept(name, value);
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          "The JDK's HTTP client writes \"" + name + "\" itself; given() can send it.", refused);
    }
  }

  private <T> T await(CompletableFuture<T> answer, Call call) throws IOException {
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
            (name, values) -> {
              if (!name.startsWith(":")) { // HTTP/2's status is no field
                values.forEach(
                    value -> {
                      fields.add(name);
                      fields.add(value);
                    });
              }
            });
    return Headers.of(fields.toArray(String[]::new));
  }
}
