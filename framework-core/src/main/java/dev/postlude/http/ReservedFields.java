package dev.postlude.http;

import java.util.Locale;
import java.util.Objects;

/** The header fields of a response that the server writes, and nobody else. */
final class ReservedFields {
  private ReservedFields() {}

  /**
   * Refuses such a field.
   *
   * @throws IllegalArgumentException for any of them but {@code Connection: close}
   */
  static void requireNone(String name, String value) {
    Objects.requireNonNull(name, "a header needs a name: header(\"X-Name\", \"value\")");
    switch (name.toLowerCase(Locale.ROOT)) {
      case "content-length", "transfer-encoding", "date", "keep-alive", "trailer", "upgrade" ->
          throw new IllegalArgumentException(
              "the server writes " + name + " itself; leave it out of the response");
      case "connection" -> {
        if (!"close".equalsIgnoreCase(value)) {
          throw new IllegalArgumentException(
              "the server writes Connection itself; the one value to set is 'close'");
        }
      }
      default -> {}
    }
  }
}
