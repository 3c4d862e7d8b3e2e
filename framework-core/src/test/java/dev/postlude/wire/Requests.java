package dev.postlude.wire;

/** Requests as they stand on the wire. */
public final class Requests {
  private Requests() {}

  public static String get(String path, String... headerLines) {
    return head("GET", path, headerLines);
  }

  public static String head(String method, String path, String... headerLines) {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\n");
    for (String line : headerLines) {
      request.append(line).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  public static String post(String path, String body, String... headerLines) {
    String length = "Content-Length: " + body.length() + "\r\n\r\n";
    String head = head("POST", path, headerLines);
    return head.substring(0, head.length() - 2) + length + body;
  }
}
