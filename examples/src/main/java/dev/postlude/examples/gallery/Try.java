package dev.postlude.examples.gallery;

/**
 * A request that a person may send to an example, by a button or with curl.
 *
 * @param label what the button says
 * @param path within the example
 * @param header one header line, or empty
 * @param type the media type of the body, or empty for none
 * @param body what is sent, where it is text
 */
record Try(
    String label, Kind kind, String method, String path, String header, String type, String body) {

  /** How it is sent. */
  enum Kind {
    /** By a script, which shows the answer. */
    REQUEST,
    /** The same, for an answer that comes bit by bit. */
    STREAM,
    /** By a script, with a picture as a form's field {@code picture}. */
    UPLOAD,
    /** By following a link. */
    PAGE
  }

  static Try get(String label, String path) {
    return new Try(label, Kind.REQUEST, "GET", path, "", "", "");
  }

  static Try stream(String label, String path) {
    return new Try(label, Kind.STREAM, "GET", path, "", "", "");
  }

  static Try page(String label, String path) {
    return new Try(label, Kind.PAGE, "GET", path, "", "", "");
  }

  static Try post(String label, String path) {
    return new Try(label, Kind.REQUEST, "POST", path, "", "", "");
  }

  static Try upload(String label, String path) {
    return new Try(label, Kind.UPLOAD, "POST", path, "", "", "");
  }

  Try header(String line) {
    return new Try(label, kind, method, path, line, type, body);
  }

  Try json(String document) {
    return new Try(label, kind, method, path, header, "application/json", document);
  }

  Try text(String text) {
    return new Try(label, kind, method, path, header, "text/plain", text);
  }

  /** What to do in a terminal, or with a page in a browser, at the example's own address. */
  String line(String base) {
    return kind == Kind.PAGE ? "open " + base + path + " in a browser" : curl(base);
  }

  /** The line for a terminal, where the example's own address is the base. */
  String curl(String base) {
    StringBuilder line = new StringBuilder("curl -i");
    line.append(base.startsWith("https:") ? "k" : "").append(kind == Kind.STREAM ? "N" : "");
    if (kind == Kind.UPLOAD) {
      line.append(" -F picture=@photo.jpg");
    } else if (!body.isEmpty()) {
      line.append(" -H 'Content-Type: " + type + "' -d " + quoted(body));
    } else if (!method.equals("GET")) {
      line.append(" -X ").append(method);
    }
    if (!header.isEmpty()) {
      line.append(" -H ").append(quoted(header));
    }
    String url = base + path;
    return line.append(' ').append(url.contains("?") ? quoted(url) : url).toString();
  }

  /** As a shell takes it for one word. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
