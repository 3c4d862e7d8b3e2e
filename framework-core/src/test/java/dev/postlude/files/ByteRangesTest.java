package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.files.ByteRanges.ByteRange;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangesTest {
  private static String read(String field, long length) {
    Optional<List<ByteRange>> ranges = ByteRanges.read(field, length, ByteRanges.DEFAULT_MAX);
    if (ranges.isEmpty()) {
      return "ignored";
    }
    return ranges.get().isEmpty()
        ? "416"
        : ranges.get().stream()
            .map(range -> range.first() + "-" + range.last())
            .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0            | 0-0",
        "bytes=0-4            | 0-4",
        "bytes=5-             | 5-9",
        "bytes=0-             | 0-9",
        "bytes=9-9            | 9-9",
        "bytes=9-             | 9-9",
        "bytes=5-100          | 5-9",
        "bytes=-1             | 9-9",
        "bytes=-10            | 0-9",
        "bytes=-11            | 0-9",
        "bytes=007-8          | 7-8",
        "Bytes=0-4            | 0-4",
        "' bytes=0-4 '        | 0-4",
        "bytes= 0-4           | 0-4",
        "bytes=0-9223372036854775807                     | 0-9",
        "bytes=0-99999999999999999999999999              | 0-9",
        "bytes=-99999999999999999999999999               | 0-9",
      })
  void oneRange(String field, String ranges) {
    assertThat(read(field, 10)).isEqualTo(ranges);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-1,4-5        | 0-1 4-5",
        "bytes=0-1, 4-5 ,\t7-7 | 0-1 4-5 7-7",
        "bytes=7-7,4-5,0-1    | 7-7 4-5 0-1", // as asked for: RFC 9110 section 15.3.7.2
        "bytes=,0-1,,4-5,     | 0-1 4-5",
        "bytes=0-1,-1         | 0-1 9-9",
        "bytes=0-1,20-30      | 0-1",
        "bytes=20-30,0-1      | 0-1",
        "bytes=0-4,3-6        | 0-6",
        "bytes=3-6,0-4        | 0-6",
        "bytes=0-4,5-6        | 0-6",
        "bytes=5-6,0-4        | 0-6",
        "bytes=0-9,0-9,0-9    | 0-9",
        "bytes=0-1,8-9,4-5,1-8 | 0-9",
        "bytes=4-5,0-1,1-4    | 0-5",
        "bytes=0-0,2-2,-3     | 0-0 2-2 7-9",
      })
  void severalRanges(String field, String ranges) {
    assertThat(read(field, 10)).isEqualTo(ranges);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=10-",
    "bytes=10-20",
    "bytes=-0",
    "'bytes=10-20,30-40'",
    "bytes=99999999999999999999-",
  })
  void whatIsNotThereCannotBeSent(String field) {
    assertThat(read(field, 10)).isEqualTo("416");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bytes=0-     | 416",
        "bytes=0-0    | 416",
        "bytes=-0     | 416",
        "bytes=-5     | ignored",
        "bytes=0-0,-5 | ignored",
      })
  void ofNothingThereIsNoPieceButTheEnd(String field, String outcome) {
    assertThat(read(field, 0)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=a-b",
        "bytes=4-3",
        "bytes=0-1,4-3",
        "bytes=0-1;2-3",
        "bytes=0--1",
        "bytes=+1-2",
        "bytes=0x0-1",
        "bytes=1",
        "bytes 0-1",
        "items=0-1",
        "bytes=0-1,x",
        "bytes=\u0660-\u0661",
        "bytes=1 -2",
        "bytes=99999999999999999999-99999999999999999998x",
      })
  void whatMakesNoSenseIsIgnored(String field) {
    assertThat(read(field, 10)).isEqualTo("ignored");
  }

  @Test
  void thePiecesAreAllThatIsAskedForAndNothingTwice() {
    Random random = new Random(14);
    for (int round = 0; round < 5_000; round++) {
      int length = 1 + random.nextInt(20);
      BitSet wanted = new BitSet();
      StringBuilder field = new StringBuilder("bytes=");
      for (int i = random.nextInt(5); i >= 0; i--) {
        int first = random.nextInt(25);
        int last = first + random.nextInt(6);
        if (random.nextBoolean()) {
          wanted.set(Math.min(first, length), Math.min(last + 1, length));
          field.append(first).append('-').append(last).append(',');
        } else {
          wanted.set(Math.max(0, length - last), length);
          field.append('-').append(last).append(',');
        }
      }

      BitSet sent = new BitSet();
      for (ByteRange range :
          ByteRanges.read(field.toString(), length, ByteRanges.DEFAULT_MAX).orElseThrow()) {
        BitSet around = sent.get((int) Math.max(0, range.first() - 1), (int) range.last() + 2);
        assertThat(around.isEmpty()).as("%s of %s", field, length).isTrue();
        sent.set((int) range.first(), (int) range.last() + 1);
      }
      assertThat(sent).as("%s of %s", field, length).isEqualTo(wanted);
    }
  }

  @Test
  void tooManyAreRefused() {
    assertThat(read(ofBytes(64), 1_000).split(" ", -1)).hasSize(64);
    assertThat(read(ofBytes(65), 1_000)).isEqualTo("416");
    assertThat(read("bytes=" + "0-1,".repeat(65), 1_000)).as("overlapping").isEqualTo("416");
  }

  private static String ofBytes(int count) {
    return "bytes="
        + IntStream.range(0, count)
            .mapToObj(i -> 3 * i + "-" + 3 * i)
            .collect(Collectors.joining(","));
  }
}
