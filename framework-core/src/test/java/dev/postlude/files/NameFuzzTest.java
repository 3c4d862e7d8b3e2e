package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.fuzz.Mutator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spoilt names and ranges: none leads out of the folder or out of the file. */
@Timeout(value = 30, unit = TimeUnit.MINUTES) // for as many as may be asked for
class NameFuzzTest {
  private static final long INPUTS = Long.getLong("postlude.fuzz", 5_000);
  private static final long SEED = Long.getLong("postlude.fuzz.seed", 20_261_121);

  @Test
  void noNameLeadsOutOfTheFolder() {
    Mutator mutator = new Mutator(SEED);
    for (long i = 0; i < INPUTS; i++) {
      Optional<String> name = SafeName.of(mutator.spoil("css/site.min.css"));

      name.ifPresent(
          safe -> {
            assertThat(safe).doesNotStartWith("/").doesNotContain("\\", "\0");
            assertThat(List.of(safe.split("/", -1))).doesNotContain("..", ".");
          });
    }
  }

  @Test
  void noRangeLeadsOutOfTheFile() {
    Mutator mutator = new Mutator(SEED);
    for (long i = 0; i < INPUTS; i++) {
      ByteRanges.read(mutator.spoil("bytes=0-4, 10-19,-5,90-"), 100, 3)
          .ifPresent(
              ranges -> {
                assertThat(ranges).hasSizeLessThanOrEqualTo(3);
                ranges.forEach(
                    range -> {
                      assertThat(range.first()).isBetween(0L, 99L);
                      assertThat(range.last()).isBetween(range.first(), 99L);
                    });
              });
    }
  }
}
