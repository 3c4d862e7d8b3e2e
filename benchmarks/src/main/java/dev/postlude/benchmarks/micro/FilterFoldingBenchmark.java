package dev.postlude.benchmarks.micro;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A request through filters that do nothing: what the folding itself costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterFoldingBenchmark {
  @Param({"0", "4", "16"})
  int filters;

  private final Request request = Request.get("/");
  private final Response response = Response.noContent();
  private App app = App.of(routes -> {});

  @Setup
  public void fold() {
    app =
        App.of(
            routes -> {
              for (int i = 0; i < filters; i++) {
                routes.filter((asked, next) -> next.handle(asked));
              }
              routes.get("/", asked -> response);
            });
  }

  @Benchmark
  public Response handle() throws Exception {
    return app.handle(request);
  }
}
