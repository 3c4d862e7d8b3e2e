package dev.postlude.benchmarks.http;

import java.util.Locale;
import java.util.Optional;

/** What is asked of every server: a row of the table. */
enum Row {
  PLAINTEXT("plaintext", "/plaintext", 1),
  PIPELINED("pipelined x16", "/plaintext", 16),
  JSON("JSON", "/json", 1),
  ROUTED("routed, one of fifty with a parameter", "/area37/items/4711", 1),
  ECHO("JSON echo", "/echo", 1),
  TASK("after-response task", "/task", 1);

  private final String title;
  private final String path;
  private final int pipelined;

  Row(String title, String path, int pipelined) {
    this.title = title;
    this.path = path;
    this.pipelined = pipelined;
  }

  String title() {
    return title;
  }

  /** As it is said on the command line. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String path() {
    return path;
  }

  /** How many requests are sent before their answers are read. */
  int pipelined() {
    return pipelined;
  }

  /** The JSON that is posted, if anything is. */
  Optional<String> body() {
    return this == ECHO ? Optional.of(Content.orderText()) : Optional.empty();
  }

  /** Says what is wrong with an answer's content, if anything is. */
  Optional<String> complaint(String content) {
    String expected =
        switch (this) {
          case PLAINTEXT, PIPELINED -> Content.TEXT;
          case JSON -> "{\"message\":\"" + Content.TEXT + "\"}";
          case ROUTED -> "4711";
          case ECHO -> Content.orderText();
          case TASK -> Content.ACCEPTED;
        };
    return content.equals(expected)
        ? Optional.empty()
        : Optional.of(this + " answered '" + content + "' and not '" + expected + "'");
  }
}
