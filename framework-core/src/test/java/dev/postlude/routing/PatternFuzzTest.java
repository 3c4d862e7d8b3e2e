package dev.postlude.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.fuzz.Mutator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spoilt patterns: each is one, or is refused with a sentence about itself. */
@Timeout(value = 30, unit = TimeUnit.MINUTES) // for as many as may be asked for
class PatternFuzzTest {
  private static final long INPUTS = Long.getLong("postlude.fuzz", 5_000);
  private static final long SEED = Long.getLong("postlude.fuzz.seed", 20_261_121);

  @Test
  void isAPatternOrIsRefused() {
    Mutator mutator = new Mutator(SEED);
    for (long i = 0; i < INPUTS; i++) {
      String text = mutator.spoil("/users/{id:int}/{year:[0-9]{4}}/{name}.{ext}/{path...}");
      try {
        PathPattern.parse(text);
      } catch (IllegalArgumentException refusal) {
        assertThat(refusal.getMessage()).as(text).isNotBlank();
      }
    }
  }
}
