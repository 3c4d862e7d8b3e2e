package dev.postlude.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which pieces of some content a client wants: RFC 9110 section 14. */
final class ByteRanges {
  /** Whoever asks for more at once means harm, most likely: RFC 9110 section 17.15. */
  static final int DEFAULT_MAX = 64;

  private static final Pattern SET = Pattern.compile("bytes=(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SPEC = Pattern.compile("([0-9]+)-([0-9]*)|-([0-9]+)");
  private static final int LONGEST_NUMBER = 18;

  private ByteRanges() {}

  static int requireMax(int ranges) {
    if (ranges < 1) {
      throw new IllegalArgumentException("maxRanges is 1 or more, not " + ranges);
    }
    return ranges;
  }

  /**
   * One piece.
   *
   * @param first the index of its first byte
   * @param last the index of its last
   */
  record ByteRange(long first, long last) {
    long length() {
      return last - first + 1;
    }

    private boolean touches(ByteRange other) {
      return first <= other.last + 1 && other.first <= last + 1;
    }

    private ByteRange and(ByteRange other) {
      return new ByteRange(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  /**
   * Reads a {@code Range} field.
   *
   * @param length the content's length in bytes
   * @param max how many pieces may be asked for at once
   * @return the pieces, in the order in which the client named them, those that overlap or touch
   *     made into one; an empty list when the field asks for nothing that there is, or for more
   *     than so many pieces; nothing when it is malformed or of another unit, and to be ignored
   */
  static Optional<List<ByteRange>> read(String field, long length, int max) {
    Matcher set = SET.matcher(field.strip());
    if (!set.matches()) {
      return Optional.empty();
    }
    List<ByteRange> pieces = new ArrayList<>();
    int named = 0;
    for (String spec : set.group(1).split(",", -1)) {
      String text = spec.strip();
      if (text.isEmpty()) {
        continue; // as a list may have: RFC 9110 section 5.6.1.2
      }
      Matcher matcher = SPEC.matcher(text);
      if (!matcher.matches() || isBackwards(matcher)) {
        return Optional.empty();
      }
      named++;
      if (length == 0 && matcher.group(3) != null && number(matcher.group(3)) > 0) {
        return Optional.empty(); // the end of nothing is there, and has no first byte to name
      }
      ByteRange range = range(matcher, length);
      if (range.first() <= range.last() && named <= max) {
        add(range, pieces);
      }
    }
    if (named == 0) {
      return Optional.empty();
    }
    return Optional.of(named > max ? List.of() : List.copyOf(pieces));
  }

  private static boolean isBackwards(Matcher spec) {
    String first = spec.group(1);
    String last = spec.group(2);
    return first != null && !last.isEmpty() && number(first) > number(last);
  }

  /** Ends before it begins when nothing of it is there. */
  private static ByteRange range(Matcher spec, long length) {
    if (spec.group(3) != null) {
      return new ByteRange(Math.max(0, length - number(spec.group(3))), length - 1);
    }
    long last = spec.group(2).isEmpty() ? length - 1 : number(spec.group(2));
    return new ByteRange(number(spec.group(1)), Math.min(last, length - 1));
  }

  private static void add(ByteRange range, List<ByteRange> to) {
    ByteRange whole = range;
    int place = to.size();
    for (int i = to.size() - 1; i >= 0; i--) {
      if (to.get(i).touches(whole)) {
        whole = whole.and(to.remove(i));
        place = i;
      }
    }
    to.add(place, whole);
  }

  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > LONGEST_NUMBER ? Long.MAX_VALUE : Long.parseLong(significant);
  }
}
