package dev.postlude.benchmarks.micro;

import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** JSON as handlers use it: a record of four properties and three inner records. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JsonBenchmark {
  private final Order order =
      new Order(
          4711,
          "Ada Lovelace",
          List.of(
              new Item("gear-12", 96, 0.75),
              new Item("axle-3", 12, 4.2),
              new Item("card", 1000, 0.01)),
          "not before noon");
  private final Request request = Request.post("/orders").json(order);

  record Order(long id, String customer, List<Item> items, String note) {}

  record Item(String sku, int count, double price) {}

  @Benchmark
  public Order read() {
    return request.json(Order.class);
  }

  @Benchmark
  public Response write() {
    return Response.json(order);
  }
}
