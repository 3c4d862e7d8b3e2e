package dev.postlude.benchmarks.micro;

import dev.postlude.http.Headers;
import dev.postlude.http.Request;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Looking at header fields, of few and of many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderAccessBenchmark {
  @Param({"4", "16", "64"})
  int fields;

  private Request request = Request.get("/");

  @Setup
  public void fill() {
    request = Request.get("/");
    for (int i = 0; i < fields; i++) {
      request = request.header("X-Field-" + i, "a value of usual length");
    }
    request = request.header("Accept-Language", "de");
  }

  @Benchmark
  public Optional<String> first() {
    return request.header("x-field-0");
  }

  @Benchmark
  public Optional<String> last() {
    return request.header("accept-language");
  }

  @Benchmark
  public Optional<String> missing() {
    return request.header("If-None-Match");
  }

  @Benchmark
  public Headers copyWithOneMore() {
    return request.headers().with("X-Request-Id", "4711");
  }
}
