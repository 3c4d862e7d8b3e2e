package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundTask;
import dev.postlude.files.StaticFiles;
import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import dev.postlude.server.ServerOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a black-box conformance tester talks to: {@code java -jar postlude-examples.jar conformance
 * 8080}. It prints {@code ready} once it listens. {@code LAB_TIMEOUT_MS} (default 3000), {@code
 * LAB_WWW} (default {@code ./www}) and {@code LAB_STATS_FILE} are read from the environment.
 */
public final class Conformance {
  private final Path www;
  private final ConformanceStats stats = new ConformanceStats();

  private Conformance(Path www) {
    this.www = www;
  }

  /** Runs the app on a port until it is stopped by a signal. */
  public static void run(int port) {
    Conformance conformance = new Conformance(Path.of(environment("LAB_WWW", "./www")));
    Duration patience = Duration.ofMillis(Long.parseLong(environment("LAB_TIMEOUT_MS", "3000")));
    String statsFile = environment("LAB_STATS_FILE", "");
    if (!statsFile.isEmpty()) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> conformance.writeStats(Path.of(statsFile))));
    }
    Server server =
        conformance
            .app()
            .with(
                ServerOptions.onPort(port)
                    .host("127.0.0.1")
                    .headTimeout(patience)
                    .bodyTimeout(patience)
                    .idleTimeout(patience))
            .start();
    System.out.println("ready");
    System.err.println("listening on port " + server.port());
  }

  private static String environment(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }

  static App app(Path www) {
    return new Conformance(www).app();
  }

  private App app() {
    return App.of(this::routes).with(BackgroundOptions.defaults().listener(stats));
  }

  private void routes(Routes routes) {
    routes.filter((request, next) -> next.handle(request));
    routes.get("/", request -> Response.bytes("text/plain", ascii("ok")));
    routes.post("/echo", request -> Response.bytes("application/octet-stream", request.bytes()));
    routes.get("/users/{id}", request -> Response.text(request.param("id")));
    routes.get("/query", request -> Response.text(request.query("q").orElse("null")));
    routes.get("/hdr", Conformance::requestHeader);
    routes.get("/header", Conformance::responseHeader);
    routes.get("/slow", Conformance::slow);
    routes.get("/big", Conformance::big);
    routes.get("/stream", Conformance::stream);
    routes.post("/json", Conformance::json);
    routes.post("/form", Conformance::form);
    routes.post("/notify", this::notifyLater);
    routes.get("/stats", this::stats);
    routes.get("/no-content", request -> Response.noContent());
    routes.get("/not-modified", request -> Response.of(304).header("ETag", "\"v1\""));
    routes.get(
        "/boom",
        request -> {
          throw new IllegalStateException("lab.Secret: this must not be seen");
        });
    routes.get("/static/{path...}", StaticFiles.directory(www.resolve("static")));
  }

  private static Response requestHeader(Request request) {
    String values = String.join(", ", request.headers().all(request.query().get("name")));
    return Response.bytes("text/plain", values.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Response responseHeader(Request request) {
    Params query = request.query();
    return Response.text("ok").header(query.get("name"), query.get("value"));
  }

  private static Response slow(Request request) {
    long millis = request.query().asLong("ms", 0);
    return Response.async(
        CompletableFuture.supplyAsync(
            () -> Response.text("slow"),
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)));
  }

  private static Response big(Request request) {
    long bytes = request.query().asLong("bytes");
    return Response.stream("application/octet-stream", out -> xs(bytes, out));
  }

  private static void xs(long bytes, OutputStream out) throws IOException {
    byte[] piece = new byte[8192];
    Arrays.fill(piece, (byte) 'x');
    for (long left = bytes; left > 0; left -= piece.length) {
      out.write(piece, 0, (int) Math.min(left, piece.length));
    }
  }

  private static Response stream(Request request) {
    int chunks = request.query().asInt("chunks");
    return Response.stream(
        "text/plain",
        out -> {
          for (int i = 0; i < chunks; i++) {
            out.write(ascii("chunk-" + i + "\n"));
            out.flush();
          }
        });
  }

  private static Response json(Request request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ok", true);
    answer.put("value", Json.read(request.bytes(), Object.class));
    return Response.json(answer);
  }

  private static Response form(Request request) throws IOException {
    boolean multipart = request.header("Content-Type").orElse("").startsWith("multipart/");
    return Response.text(
        multipart ? request.multipart().fields().get("a") : request.form().get("a"));
  }

  private Response notifyLater(Request request) {
    Params query = request.query();
    int chain = query.asInt("chain", 1);
    if (chain < 1 || chain > 1_000) {
      throw new HttpException(400, "chain is from 1 to 1000");
    }
    AtomicInteger ended = new AtomicInteger();
    BackgroundTask[] tasks = new BackgroundTask[chain];
    for (int i = 0; i < chain; i++) {
      int position = i;
      boolean fails = i == 0 && query.asInt("fail", 0) == 1;
      tasks[i] =
          BackgroundTask.of(
              "notify-" + i,
              () -> {
                stats.inOrder(ended.get() == position);
                try {
                  TimeUnit.MILLISECONDS.sleep(query.asLong("delay", 0));
                  if (fails) {
                    throw new IllegalStateException("as asked for");
                  }
                } finally {
                  ended.incrementAndGet();
                }
              });
    }
    stats.attached(chain);
    long bytes = query.asLong("bytes", -1);
    Response response =
        bytes < 0
            ? Response.json(202, Map.of("accepted", chain))
            : Response.bytes(
                202,
                "application/octet-stream",
                "x".repeat((int) bytes).getBytes(StandardCharsets.US_ASCII));
    return response.background(BackgroundTask.chain(tasks));
  }

  private Response stats(Request request) {
    if (request.query().asBoolean("gc")) {
      System.gc();
    }
    return Response.json(stats.members());
  }

  private void writeStats(Path file) {
    try {
      Files.write(file, Json.write(stats.members()));
    } catch (IOException e) {
      System.err.println("cannot write the statistics to " + file + ": " + e.getMessage());
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
