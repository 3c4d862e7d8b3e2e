package dev.postlude.http;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Multipart forms as clients send them. */
final class Forms {
  /** As a browser sends it. */
  static final String FORM =
      """
      --b
      Content-Disposition: form-data; name="title"

      K\u00e4se & Brot
      --b
      Content-Disposition: form-data; name="count"

      3
      --b
      Content-Disposition: form-data; name="photo"; filename="k\u00e4se.jpg"
      Content-Type: image/jpeg

      \u00ff\u00d8 not really
      a photo
      --b
      Content-Disposition: form-data; name="photo"; filename=""
      Content-Type: application/octet-stream


      --b--
      """
          .replace("\n", "\r\n");

  private Forms() {}

  /** The defaults, long parts going to that folder. */
  static MultipartOptions options(Path folder) {
    return MultipartOptions.defaults().directory(folder);
  }

  /** Reads a form whose boundary is {@code b}. */
  static Multipart parse(String form, MultipartOptions options) throws IOException {
    return Multipart.parse(stream(form), "b", options);
  }

  /** The files that there are of long parts. */
  static List<Path> spooled(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  static InputStream stream(String form) {
    return new ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8));
  }

  static String part(String head, String content) {
    return "--b\r\n" + head + "\r\n\r\n" + content + "\r\n";
  }

  static String field(String name, String value) {
    return part("Content-Disposition: form-data; name=" + name, value);
  }

  /** Refuses to hand out more than so many bytes at a time. */
  static InputStream inPiecesOf(int bytes, InputStream whole) {
    return new FilterInputStream(whole) {
      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return super.read(into, from, Math.min(length, bytes));
      }
    };
  }

  /** What a call was refused with. */
  static HttpException refusal(Reading parse) {
    try {
      parse.run();
    } catch (HttpException e) {
      return e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it was not refused");
  }

  interface Reading {
    void run() throws IOException;
  }
}
