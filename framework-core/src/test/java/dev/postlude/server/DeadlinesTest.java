package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final Deadlines deadlines =
      new Deadlines(
          ServerOptions.onPort(0)
              .headTimeout(Duration.ofSeconds(10))
              .bodyTimeout(Duration.ofSeconds(15))
              .idleTimeout(Duration.ofSeconds(30)));

  /** A moment in nanoseconds, begun where {@code System.nanoTime} may well begin. */
  private static long at(double seconds) {
    return Long.MAX_VALUE - 5_000_000_000L + (long) (seconds * 1e9);
  }

  @Test
  void theFirstHeadHasItsTimeFromTheConnectionOn() {
    deadlines.opened(at(0));

    assertThat(deadlines.headTooLate(at(10), false)).isFalse();
    assertThat(deadlines.headTooLate(at(10.1), false)).isTrue();
  }

  @Test
  void andNotFromItsFirstByteWhichTheClientCouldPutOff() {
    deadlines.opened(at(0));

    assertThat(deadlines.headTooLate(at(9), true)).isFalse();
    assertThat(deadlines.headTooLate(at(10.1), true)).isTrue();
  }

  @Test
  void aKeptConnectionMayBeIdleAndThenHasTheTimeOfAHead() {
    deadlines.opened(at(0));
    deadlines.bodyBegins(at(1));
    deadlines.idleBegins(at(2));

    assertThat(deadlines.headTooLate(at(31.9), false)).isFalse();
    assertThat(deadlines.headTooLate(at(31.95), true)).as("the first look").isFalse();
    assertThat(deadlines.headTooLate(at(41.9), true)).isFalse();
    assertThat(deadlines.headTooLate(at(42), true)).isTrue();
  }

  @Test
  void withoutAByteAKeptConnectionEndsWhenItsIdleTimeDoes() {
    deadlines.opened(at(0));
    deadlines.idleBegins(at(2));

    assertThat(deadlines.headTooLate(at(32), false)).isFalse();
    assertThat(deadlines.headTooLate(at(32.1), false)).isTrue();
  }

  @Test
  void whileTheClientReadsItsAnswerItsSilenceDoesNotCount() {
    deadlines.opened(at(0));
    deadlines.idleBegins(at(2));
    deadlines.silenceBegins(at(100));

    assertThat(deadlines.headTooLate(at(130), false)).isFalse();
    assertThat(deadlines.headTooLate(at(130.1), false)).isTrue();
  }

  @Test
  void aBodyMayPauseForSoLong() {
    deadlines.bodyBegins(at(0));
    deadlines.bodyGoesOn(at(10), 100_000);

    assertThat(deadlines.bodyTooLate(at(25))).isFalse();
    assertThat(deadlines.bodyTooLate(at(25.1))).isTrue();
  }

  @Test
  void aBodyThatTakesLongMustKeepUpAKibibyteASecond() {
    deadlines.bodyBegins(at(0));
    for (int second = 1; second <= 60; second++) {
      deadlines.bodyGoesOn(at(second), 1_100);
      assertThat(deadlines.bodyTooLate(at(second))).isFalse();
    }
    for (int second = 61; second <= 64; second++) {
      deadlines.bodyGoesOn(at(second), 1);
    }
    assertThat(deadlines.bodyTooLate(at(64))).as("below the average").isFalse();
    for (int second = 65; second <= 70; second++) {
      deadlines.bodyGoesOn(at(second), 1);
    }
    assertThat(deadlines.bodyTooLate(at(70))).isTrue();
  }

  @Test
  void aSlowBodyHasItsGrace() {
    deadlines.bodyBegins(at(0));
    deadlines.bodyGoesOn(at(14), 1);

    assertThat(deadlines.bodyTooLate(at(15))).isFalse();
    assertThat(deadlines.bodyTooLate(at(15.1))).isTrue();
  }

  @Test
  void aLingeringCloseTakesASecondAtMost() {
    deadlines.closingBegins(at(0));

    assertThat(deadlines.closingTooLate(at(1))).isFalse();
    assertThat(deadlines.closingTooLate(at(1.1))).isTrue();
  }

  @Test
  void bothAreOptions() {
    Deadlines others =
        new Deadlines(
            ServerOptions.onPort(0)
                .minBodyRate(0)
                .http1(Http1Options.defaults().lingerTimeout(Duration.ofSeconds(3))));
    others.bodyBegins(at(0));
    others.bodyGoesOn(at(14), 1);
    others.bodyGoesOn(at(28), 1);

    assertThat(others.bodyTooLate(at(29))).as("as few bytes as it likes").isFalse();
    assertThat(others.bodyTooLate(at(43.1))).isTrue();
    others.closingBegins(at(0));
    assertThat(others.closingTooLate(at(3))).isFalse();
    assertThat(others.closingTooLate(at(3.1))).isTrue();
  }

  @Test
  void answersThatWaitForWindowsHaveTheTimeOfAWriteAndAnewWithEveryWindow() {
    assertThat(deadlines.windowStalled(at(0), 7)).isFalse();
    assertThat(deadlines.windowStalled(at(30), 7)).isFalse();
    assertThat(deadlines.windowStalled(at(30.1), 7)).isTrue();
    assertThat(deadlines.windowStalled(at(30.2), 8)).as("some room was given").isFalse();
    assertThat(deadlines.windowStalled(at(60), 8)).isFalse();
    assertThat(deadlines.windowStalled(at(60.1), 0)).as("nobody waits").isFalse();
    assertThat(deadlines.windowStalled(at(100), 0)).isFalse();
  }
}
