package dev.postlude.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.wire.LogLines;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessLogTest {
  private final LogLines log = LogLines.of("dev.postlude.access");
  private Server server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    log.close();
  }

  private void start(Routes.Body<RuntimeException> routes) {
    server = App.of(routes).start(0);
  }

  private HttpResponse<InputStream> get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("X-Request-Id", "r-1")
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void aLineTellsWhatHappened() throws Exception {
    start(
        routes -> {
          routes.filter(AccessLog.create());
          routes.get("/users/{id}", request -> Response.text("hello"));
        });

    get("/users/7?token=secret").body().close();

    assertThat(log.await(line -> true))
        .matches("INFO 127\\.0\\.0\\.1 GET /users/7 200 5B \\d+ms SENT r-1");
  }

  @Test
  void theLineComesAfterTheWrite() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    start(
        routes -> {
          routes.filter(AccessLog.create());
          routes.get(
              "/slow",
              request ->
                  Response.stream(
                      "text/plain",
                      out -> {
                        out.write("first".getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        goOn.await();
                        out.write("second".getBytes(StandardCharsets.UTF_8));
                      }));
          routes.get("/quick", request -> Response.noContent());
        });

    InputStream slow = get("/slow").body();
    slow.readNBytes(5);
    get("/quick").body().close();
    assertThat(log.await(line -> true)).contains("GET /quick 204 0B");

    goOn.countDown();
    slow.readAllBytes();
    assertThat(log.await(line -> true)).contains("GET /slow 200 11B").contains("SENT");
  }

  @Test
  void refusalsAndErrorsHaveALineToo() throws Exception {
    start(
        routes -> {
          routes.filter(AccessLog.create());
          routes.post("/posted", request -> Response.noContent());
        });

    get("/none").body().close();
    assertThat(log.await(line -> true)).contains("GET /none 404 ");
    get("/posted").body().close();
    assertThat(log.await(line -> true)).contains("GET /posted 405 ");
  }

  @Test
  void aClientThatLeavesIsTold() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    start(
        routes -> {
          routes.filter(AccessLog.create());
          routes.get(
              "/endless",
              request ->
                  Response.stream(
                      "text/plain",
                      out -> {
                        byte[] piece = new byte[64 * 1024];
                        while (gone.getCount() == 1) {
                          out.write(piece);
                        }
                      }));
        });

    get("/endless").body().close();

    assertThat(log.await(line -> true)).contains("GET /endless 200 ").contains(" DISCONNECTED ");
    gone.countDown();
  }

  @Test
  void aFormatOfOnesOwnCannotBeMadeToForgeLines() throws Exception {
    start(
        routes -> {
          routes.filter(
              AccessLog.create()
                  .format(
                      (request, exchange) ->
                          exchange.route()
                              + " "
                              + request.query("q").orElse("")
                              + " "
                              + exchange.status()));
          routes.get("/search/{id}", request -> Response.noContent());
        });

    get("/search/1?q=a%0D%0AINFO%20b%1B[31m%C2%85%E2%80%A8%E2%80%AE%C3%A4").body().close();

    assertThat(log.await(line -> true))
        .isEqualTo(
            "INFO /search/{id} a\\u000d\\u000aINFO b\\u001b[31m\\u0085\\u2028\\u202e\u00e4 204");
  }

  @Test
  void withoutASocketNothingHasBeenWrittenAndNothingIsLogged() throws Exception {
    App app = App.of(routes -> routes.filter(AccessLog.create()));

    assertThat(app.handle(Request.get("/a")).status()).isEqualTo(404);

    assertThat(log.all()).isEmpty();
  }
}
