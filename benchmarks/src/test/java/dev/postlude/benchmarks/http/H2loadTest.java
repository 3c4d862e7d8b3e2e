package dev.postlude.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class H2loadTest {
  @Test
  void latenciesAreReadFromItsRecord() {
    Stream<String> lines =
        LongStream.rangeClosed(1, 2_000).mapToObj(i -> "1795309313985474\t200\t" + (2_001 - i));

    assertThat(H2load.read(lines)).isEqualTo(new Latency(1.001, 1.981, 1.999));
  }

  @Test
  void anAnswerThatIsNoneIsNoLatency() {
    assertThatThrownBy(() -> H2load.read(Stream.of("1\t200\t5", "1\t503\t1")))
        .hasMessage("an answer was no 2xx");
    assertThatThrownBy(() -> H2load.read(Stream.of())).hasMessage("nothing was answered");
  }

  @Test
  void withoutItThereIsNone() throws InterruptedException {
    assertThat(H2load.find("no-such-h2load", 20_000, Path.of("target"))).isEmpty();
  }
}
