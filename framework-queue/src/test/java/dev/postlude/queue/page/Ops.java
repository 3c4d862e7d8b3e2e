package dev.postlude.queue.page;

import dev.postlude.App;
import dev.postlude.queue.TaskQueue;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A server with the page of a queue at {@code /ops}, and who looks at it. */
final class Ops implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Server server;

  private Ops(Server server) {
    this.server = server;
  }

  /** Starts one, with these routes beside the page. */
  static Ops start(TaskQueue queue, Routes.Body<RuntimeException> beside) {
    App app =
        App.of(
            routes -> {
              routes.group("/ops", TaskPage.of(queue)::routes);
              routes.group("/app", beside);
            });
    return new Ops(
        app.with(app.server().host("127.0.0.1").port(0).stopOnSignal(false)).with(queue).start());
  }

  Server server() {
    return server;
  }

  String uri(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  /** Sends a request without a body. */
  HttpResponse<String> send(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri(path)))
            .timeout(Duration.ofSeconds(30))
            .method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** What the page gets there. */
  String get(String path) throws Exception {
    return send("GET", path).body();
  }

  /** Sends what a button of the page sends. */
  HttpResponse<String> change(String method, String path) throws Exception {
    return send(method, path, "X-Task-Page", "1", "Sec-Fetch-Site", "same-origin");
  }

  @Override
  public void close() {
    server.close();
  }
}
