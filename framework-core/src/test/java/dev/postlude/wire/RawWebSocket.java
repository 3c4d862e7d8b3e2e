package dev.postlude.wire;

import dev.postlude.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that sends frames as they were written down, wrong ones too. */
public final class RawWebSocket implements AutoCloseable {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;
  public static final int FIN = 0x80;

  /** The key of RFC 6455 section 1.3 and the answer to it. */
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private final RawClient client;

  private RawWebSocket(RawClient client) {
    this.client = client;
  }

  /** A frame as it came in: its first byte, and its payload. */
  public record Frame(int first, byte[] payload) {
    public int opcode() {
      return first & 0x0f;
    }

    public boolean isFinal() {
      return (first & FIN) != 0;
    }

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close frame; 1005 when it has none. */
    public int code() {
      return payload.length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
    }
  }

  /** The handshake for a path, with more lines if need be, each with its CR LF. */
  public static String handshake(String path, String more) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: test.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + more
        + "\r\n";
  }

  public static RawWebSocket open(Server server, String path) throws IOException {
    return open(RawClient.to(server), path);
  }

  public static RawWebSocket open(RawClient client, String path) throws IOException {
    client.send(handshake(path, ""));
    return opened(client);
  }

  /** The WebSocket on a client that has sent its handshake. */
  public static RawWebSocket opened(RawClient client) throws IOException {
    Reply reply = client.read();
    if (reply.status() != 101) {
      throw new IOException("refused: " + reply);
    }
    return new RawWebSocket(client);
  }

  public RawClient client() {
    return client;
  }

  public RawWebSocket text(String text) throws IOException {
    return send(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawWebSocket send(int first, byte... payload) throws IOException {
    client.send(frame(first, payload));
    return this;
  }

  public RawWebSocket close(int code) throws IOException {
    return send(FIN | CLOSE, (byte) (code >> 8), (byte) code);
  }

  /** A masked frame in the shortest form. */
  public static byte[] frame(int first, byte... payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 14);
    int length = payload.length;
    bytes.write(first);
    if (length < 126) {
      bytes.write(0x80 | length);
    } else if (length < 65_536) {
      bytes.write(0x80 | 126);
      bytes.write(length >> 8);
      bytes.write(length);
    } else {
      bytes.write(0x80 | 127);
      bytes.writeBytes(new byte[4]);
      bytes.write(length >> 24);
      bytes.write(length >> 16);
      bytes.write(length >> 8);
      bytes.write(length);
    }
    bytes.writeBytes(MASK);
    for (int i = 0; i < length; i++) {
      bytes.write(payload[i] ^ MASK[i % 4]);
    }
    return bytes.toByteArray();
  }

  /** Reads one frame; throws when there is none for ten seconds, or the stream ends. */
  public Frame read() throws IOException {
    byte[] start = client.readBytes(2);
    int length = start[1] & 0xff;
    if (length == 126) {
      length = number(client.readBytes(2));
    } else if (length == 127) {
      length = number(client.readBytes(8));
    }
    return new Frame(start[0] & 0xff, client.readBytes(length));
  }

  private static int number(byte[] bytes) {
    int number = 0;
    for (byte each : bytes) {
      number = (number << 8) | (each & 0xff);
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
