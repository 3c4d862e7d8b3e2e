package dev.postlude.benchmarks.micro;

import dev.postlude.App;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An app called as a function: no server, no bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AppBenchmark {
  private final App app =
      App.of(
          routes -> {
            routes.get("/", request -> Response.text("Hello, World!"));
            routes.get("/items/{id}", request -> Response.text(request.param("id")));
            routes.get("/numbers/{n:int}", AppBenchmark::typed);
            routes.get("/search", request -> Response.text(request.query("q").orElse("")));
            routes.get(
                "/refused",
                request -> {
                  throw new HttpException(409, "it is there already");
                });
          });

  private final Request text = Request.get("/");
  private final Request parameter = Request.get("/items/4711");
  private final Request typed = Request.get("/numbers/4711");
  private final Request refused = Request.get("/refused");
  private final Request missing = Request.get("/nowhere");

  private static Response typed(Request request) {
    return Response.of(request.params().asInt("n") > 0 ? 200 : 204);
  }

  @Benchmark
  public Response text() throws Exception {
    return app.handle(text);
  }

  @Benchmark
  public Response parameter() throws Exception {
    return app.handle(parameter);
  }

  @Benchmark
  public Response typedParameter() throws Exception {
    return app.handle(typed);
  }

  /** With a request of its own, since a request keeps its parsed query. */
  @Benchmark
  public Response query() throws Exception {
    return app.handle(Request.get("/search?page=2&q=difference%20engine"));
  }

  @Benchmark
  public Response exception() throws Exception {
    return app.handle(refused);
  }

  @Benchmark
  public Response notFound() throws Exception {
    return app.handle(missing);
  }
}
