package dev.postlude.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error as a document: RFC 9457.
 *
 * <pre>{@code
 * Problem.of(422, "two fields are wrong").with("errors", List.of("name", "age"))
 * }</pre>
 *
 * @param status the response's status
 * @param title the status's reason phrase
 * @param detail one sentence for the client; empty for none
 * @param others further members, in order: {@code type}, {@code instance} and extensions (section
 *     3.2); written as JSON
 */
public record Problem(int status, String title, String detail, Map<String, Object> others) {
  /** Refuses what is missing, and members that have a place of their own. */
  public Problem {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(detail, "detail");
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    for (String name : others.keySet()) {
      if (name.equals("status") || name.equals("title") || name.equals("detail")) {
        throw new IllegalArgumentException(
            "a problem has its " + name + " already: say it in Problem.of(status, detail)");
      }
    }
  }

  /** The problem of that status, its title being the status's reason phrase. */
  public static Problem of(int status, String detail) {
    return new Problem(status, Status.reason(status), detail, Map.of());
  }

  /**
   * A copy with a further member, which replaces one of that name.
   *
   * @param name {@code type} and {@code instance} are URIs; others are the problem's own
   * @param value is written as JSON; {@code null} takes the member away
   * @throws IllegalArgumentException for {@code status}, {@code title} and {@code detail}
   */
  public Problem with(String name, @Nullable Object value) {
    Map<String, Object> more = new LinkedHashMap<>(others);
    if (value == null) {
      more.remove(name);
    } else {
      more.put(name, value);
    }
    return new Problem(status, title, detail, more);
  }

  /** The same as a line of text, for clients that would rather have that. */
  String text() {
    return status + " " + title + (detail.isEmpty() ? "" : ": " + detail) + "\n";
  }

  /**
   * The document's members; {@code type} is left out unless it was given, which stands for {@code
   * about:blank}.
   */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("title", title);
    members.put("status", status);
    if (!detail.isEmpty()) {
      members.put("detail", detail);
    }
    members.putAll(others);
    return members;
  }
}
