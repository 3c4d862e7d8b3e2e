package dev.postlude.benchmarks.micro;

import dev.postlude.http.Endpoints;
import dev.postlude.http.Method;
import dev.postlude.http.Response;
import dev.postlude.routing.Router;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding a route among few and among many: the more there are, the same it should cost. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteLookupBenchmark {
  private static final int PATHS = 256;

  @Param({"10", "100", "1000", "10000"})
  int routes;

  private Endpoints router =
      (method, path) -> {
        throw new IllegalStateException("not set up");
      };
  private final String[] fixed = new String[PATHS];
  private final String[] parameter = new String[PATHS];
  private final String[] missing = new String[PATHS];
  private int next;

  /**
   * Half of the routes are literal, half have a parameter; which of them is asked for changes all
   * the time.
   */
  @Setup
  public void register() {
    router =
        Router.of(
            app -> {
              for (int i = 0; i < routes / 2; i++) {
                app.get("/area" + i + "/items", request -> Response.noContent());
                app.get("/area" + i + "/items/{id}", request -> Response.noContent());
              }
            });
    for (int i = 0; i < PATHS; i++) {
      int area = i * 31 % (routes / 2);
      fixed[i] = "/area" + area + "/items";
      parameter[i] = "/area" + area + "/items/" + i;
      missing[i] = "/area" + area + "/nothing/" + i;
    }
  }

  private Endpoints.Match find(String[] paths) {
    return router.find(Method.GET, paths[next++ & PATHS - 1]);
  }

  @Benchmark
  public Endpoints.Match literal() {
    return find(fixed);
  }

  @Benchmark
  public Endpoints.Match parameter() {
    return find(parameter);
  }

  @Benchmark
  public Endpoints.Match missing() {
    return find(missing);
  }
}
