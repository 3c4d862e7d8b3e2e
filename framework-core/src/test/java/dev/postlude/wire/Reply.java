package dev.postlude.wire;

import dev.postlude.http.Headers;
import java.nio.charset.StandardCharsets;

/** An answer as a client sees it. */
public record Reply(int status, Headers headers, byte[] body) {
  /** The first value of a header field; empty when there is none. */
  public String header(String name) {
    return headers.find(name).orElse("");
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return status + "\n" + headers + "\n" + text();
  }
}
