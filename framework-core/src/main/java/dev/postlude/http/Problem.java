package dev.postlude.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as a document: RFC 9457.
 *
 * @param status the response's status
 * @param title the status's reason phrase
 * @param detail one sentence for the client; empty for none
 */
public record Problem(int status, String title, String detail) {
  /** The problem of that status, its title being the status's reason phrase. */
  public static Problem of(int status, String detail) {
    return new Problem(status, Status.reason(status), detail);
  }

  /** The same as a line of text, for clients that would rather have that. */
  String text() {
    return status + " " + title + (detail.isEmpty() ? "" : ": " + detail) + "\n";
  }

  /** The document's members; {@code type} is left out, which stands for {@code about:blank}. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("title", title);
    members.put("status", status);
    if (!detail.isEmpty()) {
      members.put("detail", detail);
    }
    return members;
  }
}
