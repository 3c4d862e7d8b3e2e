package dev.postlude.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("S14 Retry")
class RetryTest {
  private final IOException error = new IOException();

  @ParameterizedTest
  @CsvSource({
    // first, most, attempt that failed, wait
    "PT0S, PT1H, 1, PT0S",
    "PT0S, PT1H, 5, PT0S",
    "PT1S, PT1H, 1, PT1S",
    "PT1S, PT1H, 2, PT2S",
    "PT1S, PT1H, 5, PT16S",
    "PT1S, PT5S, 4, PT5S",
    "PT9S, PT5S, 1, PT5S",
    "PT1S, PT1H, 1000, PT1H",
    "PT1000000000H, PT2000000000H, 3, PT2000000000H",
  })
  void theWaitDoublesUpToItsBound(Duration first, Duration most, int attempt, Duration wait) {
    Retry retry = Retry.times(1_000).backoff(first).maxBackoff(most);
    assertThat(retry.waitAfter(attempt, error, 0.7)).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.9, PT10S", "1, 0, PT10S", "1, 0.5, PT5S", "0.5, 0.5, PT7.5S", "1, 0.9, PT1S"})
  void jitterShortensTheWait(double jitter, double random, Duration wait) {
    Retry retry = Retry.times(1).backoff(Duration.ofSeconds(10)).jitter(jitter);
    assertThat(retry.waitAfter(1, error, random)).isEqualTo(wait);
  }

  @Test
  void afterTheLastAttemptThereIsNoOther() {
    assertThat(Retry.times(2).waitAfter(2, error, 0)).isNotNull();
    assertThat(Retry.times(2).waitAfter(3, error, 0)).isNull();
    assertThat(Retry.never().waitAfter(1, error, 0)).isNull();
  }

  @Test
  void whatIsTriedAgainIsWhatWasNamed() {
    Retry retry = Retry.times(1).on(IOException.class, AssertionError.class);
    assertThat(retry.waitAfter(1, new FileNotFoundException(), 0)).isNotNull();
    assertThat(retry.waitAfter(1, new AssertionError(), 0)).isNotNull();
    assertThat(retry.waitAfter(1, new IllegalStateException(), 0)).isNull();
    assertThat(retry.onlyIf(any -> false).waitAfter(1, error, 0)).isNull();
  }

  @Test
  void byDefaultThatIsEveryExceptionAndNoError() {
    assertThat(Retry.times(1).waitAfter(1, new TimeoutException(), 0)).isNotNull();
    assertThat(Retry.times(1).waitAfter(1, new StackOverflowError(), 0)).isNull();
  }
}
