package dev.postlude.benchmarks.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Asks a server and looks at what it answers, so that nothing is measured but right answers. */
final class Answers {
  private Answers() {}

  /**
   * An answer as it was on the wire.
   *
   * @param head the status line and the fields
   */
  record Answer(String head, String content) {
    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** How many bytes it took. */
    int size() {
      return head.length() + content.length();
    }
  }

  /** Waits until a server answers at all, up to 30 seconds. */
  static void awaitFirst(int port) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        Answer first = ask(port, Row.PLAINTEXT).orElseThrow();
        if (first.status() == 200) {
          return;
        }
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new IOException("it did not answer within 30 seconds", e);
        }
      }
      Thread.sleep(1);
    }
  }

  /**
   * Sends what a row sends, all of it at once, and reads the answers.
   *
   * @return the last answer
   * @throws IOException when one is missing or wrong
   */
  static Optional<Answer> ask(int port, Row row) throws IOException {
    try (Socket socket = connect(port)) {
      byte[] request = request(row).repeat(row.pipelined()).getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(request);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Answer last = null;
      for (int i = 0; i < row.pipelined(); i++) {
        last = read(in);
        Optional<String> complaint =
            last.status() == 200
                ? row.complaint(last.content())
                : Optional.of(row + " answered " + last.head());
        if (complaint.isPresent()) {
          throw new IOException(complaint.get());
        }
      }
      return Optional.ofNullable(last);
    }
  }

  /**
   * Whether a request with such a header field is refused, by an answer or by the end of the
   * connection.
   */
  static boolean refuses(int port, String field) throws IOException {
    try (Socket socket = connect(port)) {
      String request = "GET /plaintext HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
      return !answer.endsWith(" 200");
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(5_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
    return socket;
  }

  private static String request(Row row) {
    String host = "Host: " + Setup.HOST + "\r\n";
    return row.body()
        .map(
            body ->
                "POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(row.path(), host, body.length(), body))
        .orElse("GET " + row.path() + " HTTP/1.1\r\n" + host + "\r\n");
  }

  private static Answer read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) next(in));
    }
    int length = contentLength(head.toString());
    byte[] content = in.readNBytes(length);
    return new Answer(head.toString(), new String(content, StandardCharsets.UTF_8));
  }

  private static int next(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the server ended the connection");
    }
    return next;
  }

  private static int contentLength(String head) throws IOException {
    String field = "\r\ncontent-length:";
    int at = head.toLowerCase(Locale.ROOT).indexOf(field);
    if (at < 0) {
      throw new IOException("an answer without Content-Length: " + head);
    }
    int from = at + field.length();
    return Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)).strip());
  }
}
