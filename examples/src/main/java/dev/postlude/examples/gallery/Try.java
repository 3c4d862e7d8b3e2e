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
    /** By a script, with a picture as a form's field {@code picture}. */
    UPLOAD,
    /** By following a link. */
    PAGE
  }

  static Try get(String label, String path) {
    return new Try(label, Kind.REQUEST, "GET", path, "", "", "");
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

  /** The line for a terminal. */
  String curl(String base) {
    StringBuilder line = new StringBuilder("curl -i");
    if (base.startsWith("https:")) {
      line.append('k');
    }
    if (kind == Kind.REQUEST && method.equals("GET")) {
      line.append('N'); // shows a stream as it comes
    }
    if (kind == Kind.UPLOAD) {
      line.append(" -F picture=@sample.png");
    } else if (!body.isEmpty()) {
      if (!header.isEmpty() || !type.isEmpty()) {
        line.append(type.isEmpty() ? "" : " -H 'Content-Type: " + type + "'");
      }
      line.append(" -d '").append(body.replace("'", "'\\''")).append('\'');
    } else if (!method.equals("GET")) {
      line.append(" -X ").append(method);
    }
    if (!header.isEmpty()) {
      line.append(" -H '").append(header).append('\'');
    }
    String url = base + path;
    return line.append(' ').append(url.matches(".*[?&].*") ? "'" + url + "'" : url).toString();
  }
}
