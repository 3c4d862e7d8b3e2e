package dev.postlude.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every micro-benchmark for a moment, so that they are known to run; the numbers mean nothing.
 */
class BenchmarksTest {
  @BeforeAll
  static void allowOthersAtTheSameTime() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  /** Has Netty tell of buffers that nobody released: it does when it makes the next one. */
  @AfterEach
  void collect() throws InterruptedException {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    Reference<Object> garbage = new WeakReference<>(new Object(), collected);
    System.gc();
    assertThat(collected.remove(60_000)).isSameAs(garbage);
    ByteBufAllocator.DEFAULT.buffer().release();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        AppBenchmark.class,
        BackgroundBenchmark.class,
        FilterFoldingBenchmark.class,
        HeaderAccessBenchmark.class,
        JsonBenchmark.class,
        RequestDecodingBenchmark.class,
        ResponseEncodingBenchmark.class,
        RouteLookupBenchmark.class
      })
  void everyBenchmarkRuns(Class<?> benchmark) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("\\b" + benchmark.getSimpleName() + "\\.")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(1))
                    .param("routes", "10")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results)
        .isNotEmpty()
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isGreaterThan(0));
  }
}
