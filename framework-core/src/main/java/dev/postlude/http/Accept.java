package dev.postlude.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client would rather have, as it says in {@code Accept} or {@code Accept-Encoding}: RFC
 * 9110 sections 12.4.2 and 12.5.
 *
 * <p>Read leniently: an element that makes no sense is passed over, and parameters other than
 * {@code q} are. Immutable.
 */
public final class Accept {
  private static final int MAX_WEIGHT = 1_000;

  private final boolean said;
  private final List<Choice> choices;

  /** A media range or a coding in lower case, and its weight in thousandths. */
  private record Choice(String range, int weight) {}

  private Accept(boolean said, List<Choice> choices) {
    this.said = said;
    this.choices = choices;
  }

  /** What the fields of a name say together. */
  public static Accept of(Headers headers, String field) {
    List<Choice> choices = new ArrayList<>();
    List<String> values = headers.all(field);
    values.forEach(value -> read(value, choices));
    return new Accept(!values.isEmpty(), choices);
  }

  private static void read(String value, List<Choice> to) {
    for (String element : value.split(",", -1)) {
      String[] parts = element.split(";", -1);
      String range = parts[0].strip().toLowerCase(Locale.ROOT);
      int weight = MAX_WEIGHT;
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].strip();
        if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
          weight = weight(parameter.substring(2).strip());
        }
      }
      if (!range.isEmpty() && weight >= 0) {
        to.add(new Choice(range, weight));
      }
    }
  }

  /** Thousandths of a weight such as {@code 0.75}, or -1 for what is none. */
  private static int weight(String text) {
    boolean wellFormed =
        !text.isEmpty()
            && text.length() <= 5
            && (text.charAt(0) == '0' || text.charAt(0) == '1')
            && (text.length() == 1 || text.charAt(1) == '.');
    if (!wellFormed) {
      return -1;
    }
    int weight = (text.charAt(0) - '0') * MAX_WEIGHT;
    for (int i = 2, place = MAX_WEIGHT / 10; i < text.length(); i++, place /= 10) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      weight += (c - '0') * place;
    }
    return weight <= MAX_WEIGHT ? weight : -1;
  }

  /**
   * How welcome something is: 1 at most, 0 for not at all. The most particular element that covers
   * it decides; to a client that says nothing everything is welcome.
   *
   * @param offer a media type without parameters, or a coding; in lower case
   */
  public double quality(String offer) {
    if (!said) {
      return 1;
    }
    int best = 0;
    int particularity = 0;
    for (Choice choice : choices) {
      int covers = covers(choice.range(), offer);
      if (covers > particularity) {
        particularity = covers;
        best = choice.weight();
      } else if (covers > 0 && covers == particularity) {
        best = Math.max(best, choice.weight());
      }
    }
    return best / (double) MAX_WEIGHT;
  }

  /** How particularly a range covers an offer, 0 for not at all. */
  private static int covers(String range, String offer) {
    if (range.equals(offer)) {
      return 3;
    }
    if (range.equals("*/*") || range.equals("*")) {
      return 1;
    }
    boolean allOfType = range.endsWith("/*");
    return allOfType && offer.startsWith(range.substring(0, range.length() - 1)) ? 2 : 0;
  }

  /** Whether text is more welcome than JSON, for errors that are told in either. */
  boolean prefersText() {
    double json = Math.max(quality("application/problem+json"), quality(MediaType.JSON));
    return quality("text/plain") > json;
  }
}
