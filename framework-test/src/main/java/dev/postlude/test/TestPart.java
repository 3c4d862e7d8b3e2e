package dev.postlude.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A part of a form that a test sends as {@code multipart/form-data}: RFC 7578. */
public final class TestPart {
  private final String head;
  private final byte[] content;

  private TestPart(String head, byte[] content) {
    this.head = head;
    this.content = content;
  }

  /** A field with text. */
  public static TestPart field(String name, String text) {
    return new TestPart(disposition(name), text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file as browsers send it. The bytes are not copied. */
  public static TestPart file(String name, String filename, String contentType, byte[] content) {
    Objects.requireNonNull(content, "A file needs content, if only no bytes.");
    if (contentType.chars().anyMatch(each -> each < ' ')) {
      throw new IllegalArgumentException("A media type is one line: " + contentType);
    }
    String head =
        disposition(name)
            + "; filename=\""
            + escaped(filename)
            + "\"\r\nContent-Type: "
            + contentType;
    return new TestPart(head, content);
  }

  private static String disposition(String name) {
    return "Content-Disposition: form-data; name=\"" + escaped(name) + "\"";
  }

  /** As browsers do it: the HTML standard, section 4.10.21.8. */
  private static String escaped(String text) {
    return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }

  /** The whole form. */
  static byte[] form(String boundary, TestPart... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (TestPart part : parts) {
      write(out, "--" + boundary + "\r\n" + part.head + "\r\n\r\n");
      out.writeBytes(part.content);
      write(out, "\r\n");
    }
    write(out, "--" + boundary + "--\r\n");
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
