package dev.postlude.benchmarks.micro;

import dev.postlude.http.Response;
import dev.postlude.routing.Router;
import dev.postlude.server.Journey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The whole pipeline with the least of requests, so that what differs is the response. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseEncodingBenchmark {
  private static final byte[] EMPTY = get("/empty");
  private static final byte[] SHARED = get("/shared");
  private static final byte[] TEXT = get("/text");
  private static final byte[] FIELDS = get("/fields");
  private static final byte[] LARGE = get("/large");

  private final Journey journey;

  public ResponseEncodingBenchmark() {
    Response shared = Response.text("Hello, World!");
    Response fields = shared;
    for (int i = 0; i < 16; i++) {
      fields = fields.header("X-Field-" + i, "a value of usual length");
    }
    Response many = fields;
    byte[] large = new byte[8 * 1024];
    journey =
        new Journey(
            Router.of(
                routes -> {
                  routes.get("/empty", request -> Response.noContent()).onEventLoop();
                  routes.get("/shared", request -> shared).onEventLoop();
                  routes.get("/text", request -> Response.text("Hello, World!")).onEventLoop();
                  routes.get("/fields", request -> many).onEventLoop();
                  routes.get("/large", request -> Response.bytes("image/png", large)).onEventLoop();
                }));
  }

  private static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  @TearDown
  public void close() {
    journey.close();
  }

  @Benchmark
  public int empty() {
    return journey.send(EMPTY);
  }

  @Benchmark
  public int sharedText() {
    return journey.send(SHARED);
  }

  @Benchmark
  public int text() {
    return journey.send(TEXT);
  }

  @Benchmark
  public int sixteenFields() {
    return journey.send(FIELDS);
  }

  @Benchmark
  public int eightKibibytes() {
    return journey.send(LARGE);
  }
}
