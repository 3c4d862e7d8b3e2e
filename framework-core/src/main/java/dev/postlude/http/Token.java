package dev.postlude.http;

/**
 * The characters that names and values on the wire may be made of: RFC 9110 sections 5.5 and 5.6.2.
 */
final class Token {
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[Character.toUpperCase(c)] = true;
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private Token() {}

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || !TOKEN[c]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static String require(String text, String what) {
    if (!isToken(text)) {
      throw new IllegalArgumentException(
          what
              + " "
              + quoted(text)
              + " is not a token: use letters, digits and !#$%&'*+-.^_`|~ only");
    }
    return text;
  }

  /**
   * A field value: no CR, LF, NUL or other control character but tab, nothing beyond ISO-8859-1.
   */
  static String requireFieldValue(String name, String value) {
    if (value == null) {
      throw new NullPointerException(
          "header " + name + ": the value is null; leave the header out instead");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        throw new IllegalArgumentException(
            "header "
                + name
                + ": the value holds the control character 0x"
                + Integer.toHexString(c)
                + " at index "
                + i
                + "; remove it before setting the header");
      }
      if (c > 0xff) {
        throw new IllegalArgumentException(
            "header "
                + name
                + ": the value holds a character beyond ISO-8859-1 at index "
                + i
                + "; percent-encode it");
      }
    }
    return value;
  }

  /** The text in quotes, printable and short enough for an error message or a log line. */
  static String quoted(String text) {
    StringBuilder printable = new StringBuilder("'");
    for (int i = 0; i < Math.min(text.length(), 80); i++) {
      char c = text.charAt(i);
      printable.append(Character.isISOControl(c) ? '\ufffd' : c);
    }
    return printable.append(text.length() > 80 ? "...'" : "'").toString();
  }
}
