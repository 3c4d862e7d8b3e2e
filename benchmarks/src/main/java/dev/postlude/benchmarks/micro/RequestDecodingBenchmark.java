package dev.postlude.benchmarks.micro;

import dev.postlude.http.Response;
import dev.postlude.routing.Router;
import dev.postlude.server.Journey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The whole pipeline with an answer that costs nothing, so that what differs is the request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestDecodingBenchmark {
  private static final int PIPELINED = 16;

  /** How many header fields there are besides {@code Host}. */
  @Param({"0", "8", "63"})
  int fields;

  private Journey journey = new Journey(Router.of(routes -> {}));
  private byte[] get = {};
  private byte[] pipelined = {};
  private byte[] post = {};

  @Setup
  public void open() {
    journey.close();
    journey =
        new Journey(
            Router.of(
                routes -> {
                  routes.get("/", request -> Response.noContent()).onEventLoop();
                  routes.post("/", request -> Response.noContent()).onEventLoop();
                }));
    StringBuilder head = new StringBuilder("Host: localhost:8080\r\n");
    for (int i = 0; i < fields; i++) {
      head.append("X-Field-").append(i).append(": a value of usual length\r\n");
    }
    String request = "GET / HTTP/1.1\r\n" + head + "\r\n";
    get = bytes(request);
    pipelined = bytes(request.repeat(PIPELINED));
    post = bytes("POST / HTTP/1.1\r\nContent-Length: 1024\r\n" + head + "\r\n" + "x".repeat(1024));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @TearDown
  public void close() {
    journey.close();
  }

  @Benchmark
  public int get() {
    return journey.send(get);
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINED)
  public int getPipelined() {
    return journey.send(pipelined);
  }

  @Benchmark
  public int postKibibyte() {
    return journey.send(post);
  }
}
