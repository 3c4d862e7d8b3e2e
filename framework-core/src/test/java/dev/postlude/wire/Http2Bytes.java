package dev.postlude.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What an HTTP/2 client sends with prior knowledge, frame by frame: RFC 9113. */
public final class Http2Bytes {
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;

  private Http2Bytes() {}

  /** The preface and empty settings. */
  public static byte[] preface() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(frame(0x4, 0, 0, new byte[0]));
    return out.toByteArray();
  }

  /** The head of a request with a body to come. */
  public static byte[] post(int stream, String path) {
    return head(0x83, 0, stream, path);
  }

  /** A whole request. */
  public static byte[] get(int stream, String path) {
    return head(0x82, END_STREAM, stream, path);
  }

  /** Of the fields only the path is not in HPACK's static table: RFC 7541 appendix A. */
  private static byte[] head(int method, int flags, int stream, String path) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    fields.write(method);
    fields.write(0x86); // :scheme http
    literal(fields, 0x04, path);
    literal(fields, 0x01, "a"); // :authority
    return frame(0x1, END_HEADERS | flags, stream, fields.toByteArray());
  }

  private static void literal(ByteArrayOutputStream fields, int name, String value) {
    fields.write(name);
    fields.write(value.length());
    fields.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  public static byte[] data(int stream, String content) {
    return frame(0x0, 0, stream, content.getBytes(StandardCharsets.US_ASCII));
  }

  /** RST_STREAM with CANCEL. */
  public static byte[] cancel(int stream) {
    return frame(0x3, 0, stream, new byte[] {0, 0, 0, 8});
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = payload.length;
    out.write(length >> 16);
    out.write(length >> 8);
    out.write(length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >> shift);
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }
}
