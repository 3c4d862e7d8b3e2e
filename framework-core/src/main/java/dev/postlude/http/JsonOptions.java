package dev.postlude.http;

/**
 * What a JSON document from a client may be. What goes beyond is refused with 400; how long it may
 * be in all is up to the limit on the request's body. Immutable: what changes it makes a copy.
 *
 * @param maxDepth how many arrays and objects may stand in each other, 1 to 1,000,000; a value is
 *     built by recursion, so that thousands need a large stack
 * @param maxName how many characters the name of a property may have
 * @param maxNumber how many characters a number may have; the time to read one grows faster than
 *     its length
 * @param maxTokens how many values, names and brackets there may be in all
 * @param trailing whether something may follow the document, which is passed over
 */
public record JsonOptions(
    int maxDepth, int maxName, int maxNumber, long maxTokens, boolean trailing) {
  private static final int DEEPEST = 1_000_000;
  private static final JsonOptions DEFAULTS = new JsonOptions(200, 1_000, 400, 1_000_000, false);

  /**
   * Options.
   *
   * @throws IllegalArgumentException when a limit is less than 1, or {@code maxDepth} more than a
   *     million
   */
  public JsonOptions {
    requirePositive("maxDepth", maxDepth);
    requirePositive("maxName", maxName);
    requirePositive("maxNumber", maxNumber);
    requirePositive("maxTokens", maxTokens);
    if (maxDepth > DEEPEST) {
      throw new IllegalArgumentException("maxDepth is " + DEEPEST + " at most, not " + maxDepth);
    }
  }

  private static void requirePositive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is 1 or more, not " + value);
    }
  }

  /**
   * 200 levels, names of 1,000 and numbers of 400 characters, a million tokens, and nothing behind
   * the document.
   */
  public static JsonOptions defaults() {
    return DEFAULTS;
  }

  /** A copy that allows so many levels. */
  public JsonOptions maxDepth(int levels) {
    return new JsonOptions(levels, maxName, maxNumber, maxTokens, trailing);
  }

  /** A copy that allows names of so many characters. */
  public JsonOptions maxName(int characters) {
    return new JsonOptions(maxDepth, characters, maxNumber, maxTokens, trailing);
  }

  /** A copy that allows numbers of so many characters. */
  public JsonOptions maxNumber(int characters) {
    return new JsonOptions(maxDepth, maxName, characters, maxTokens, trailing);
  }

  /** A copy that allows so many tokens. */
  public JsonOptions maxTokens(long tokens) {
    return new JsonOptions(maxDepth, maxName, maxNumber, tokens, trailing);
  }

  /** A copy that passes over what follows the document, or refuses it. */
  public JsonOptions trailing(boolean allowed) {
    return new JsonOptions(maxDepth, maxName, maxNumber, maxTokens, allowed);
  }
}
