package dev.postlude.benchmarks.micro;

import dev.postlude.background.Admission;
import dev.postlude.background.BackgroundOptions;
import dev.postlude.background.BackgroundRunner;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Exchange;
import dev.postlude.background.FinishHooks;
import dev.postlude.background.Outcome;
import dev.postlude.background.Tasks;
import dev.postlude.context.Attributes;
import dev.postlude.http.Response;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs that a response has an afterwards. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BackgroundBenchmark {
  /** So many tasks may be under way before the next is held back, lest tasks be refused. */
  private static final int UNDER_WAY = 1_000;

  private final BackgroundRunner runner = new BackgroundRunner(BackgroundOptions.defaults());
  private final LongAdder done = new LongAdder();
  private final BackgroundTask task = BackgroundTask.of("count", done::increment);
  private final BackgroundTask chain = task.then(task).then(task);
  private final Response response = Response.text("Hello, World!");
  private long submitted;

  @TearDown
  public void close() {
    runner.close();
  }

  /** The response to which the task of the next is attached. */
  @Benchmark
  public Response withoutTask() {
    return Response.text("Hello, World!");
  }

  @Benchmark
  public Response withTask() {
    return Response.text("Hello, World!").background("count", done::increment);
  }

  /** A task from its admission to its end on another thread, at the rate at which they end. */
  @Benchmark
  public void oneTask() {
    run(Tasks.none().and(task), 1);
  }

  @Benchmark
  public void chainOfThree() {
    run(Tasks.none().and(chain), 3);
  }

  private void run(Tasks tasks, int count) {
    submitted += count;
    while (submitted - done.sum() > UNDER_WAY) {
      Thread.onSpinWait();
    }
    Admission admission = runner.admit(exchange(), new FinishHooks(), tasks);
    if (admission == null) {
      throw new IllegalStateException("refused, though there was room");
    }
    admission.release(Outcome.SENT, response.status(), 13);
  }

  private static Exchange exchange() {
    return new Exchange(
        "4711",
        "GET",
        "/items/4711",
        "/items/{id}",
        Attributes.empty(),
        Instant.EPOCH,
        200,
        0,
        Outcome.PENDING,
        null);
  }
}
