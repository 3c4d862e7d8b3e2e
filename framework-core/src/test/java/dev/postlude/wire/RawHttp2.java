package dev.postlude.wire;

import dev.postlude.http.Headers;
import dev.postlude.server.Server;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * An HTTP/2 client that sends frames as they were written down, wrong ones too: RFC 9113 section 4.
 * Only the compression of header fields is Netty's.
 */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  /** RFC 9113 section 7. */
  public static final int PROTOCOL_ERROR = 1;

  public static final int REFUSED_STREAM = 7;
  public static final int CANCEL = 8;
  public static final int ENHANCE_YOUR_CALM = 11;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int MAX_FRAME = 16_384;
  private static final int MIB = 1 << 20;

  private final RawClient client;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
  private final Map<Integer, Answer> answers = new HashMap<>();
  private final Map<Integer, Integer> streamWindows = new HashMap<>();
  private int window = 65_535;
  private int lastStream = -1;

  private RawHttp2(RawClient client) {
    this.client = client;
  }

  /** A frame as it came in. */
  public record Frame(int type, int flags, int stream, byte[] payload) {
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** The error code of RST_STREAM, or of GOAWAY. */
    public int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    @Override
    public String toString() {
      return "frame of type " + type + ", flags " + flags + ", on stream " + stream;
    }
  }

  private static final class Answer {
    private int status;
    private Headers headers = Headers.empty();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  }

  /** Speaks HTTP/2 from the first byte on, as RFC 9113 section 3.3 allows. */
  public static RawHttp2 to(Server server) throws IOException {
    return open(RawClient.to(server));
  }

  public static RawHttp2 overTls(Server server, SSLContext trust) throws IOException {
    return open(RawClient.overTls(server, trust, "h2"));
  }

  /** Begins on a connection, with windows so large that answers need no updates of them. */
  public static RawHttp2 open(RawClient client) throws IOException {
    RawHttp2 http2 = new RawHttp2(client);
    client.send(PREFACE);
    http2.send(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) 4).putInt(MIB).array());
    return http2.send(WINDOW_UPDATE, 0, 0, number(64 * MIB));
  }

  public RawClient client() {
    return client;
  }

  /** Sends one frame. */
  public RawHttp2 send(int type, int flags, int stream, byte... payload) throws IOException {
    client.send(frame(type, flags, stream, payload));
    return this;
  }

  /** A frame as bytes. */
  public static byte[] frame(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Four bytes. */
  public static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /** The number of the next stream to open. */
  public int nextStream() {
    lastStream += 2;
    return lastStream;
  }

  /**
   * A field block: names and values in turn. Blocks must be sent in the order they were made in.
   */
  public byte[] block(String... fields) {
    Http2Headers list = new DefaultHttp2Headers(false);
    for (int i = 0; i < fields.length; i += 2) {
      list.add(fields[i], fields[i + 1]);
    }
    ByteBuf buffer = Unpooled.buffer();
    try {
      encoder.encodeHeaders(lastStream, list, buffer);
    } catch (Http2Exception e) {
      throw new IllegalArgumentException(e);
    }
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** The field block of a request, with more fields if need be. */
  public byte[] request(String method, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":path", path, ":authority", "localhost"));
    fields.addAll(List.of(more));
    return block(fields.toArray(String[]::new));
  }

  /** Sends a GET on a new stream and returns its number. */
  public int get(String path, String... more) throws IOException {
    int stream = nextStream();
    send(HEADERS, END_HEADERS | END_STREAM, stream, request("GET", path, more));
    return stream;
  }

  /** Sends content to the end of a stream, as fast as the server's windows allow. */
  public void content(int stream, byte[] body) throws IOException {
    int sent = 0;
    while (sent < body.length) {
      int most = Math.min(window, streamWindows.getOrDefault(stream, 65_535));
      int some = Math.min(Math.min(most, MAX_FRAME), body.length - sent);
      if (some <= 0) {
        read();
        continue;
      }
      byte[] piece = new byte[some];
      System.arraycopy(body, sent, piece, 0, some);
      sent += some;
      window -= some;
      streamWindows.merge(stream, 65_535 - some, (old, fresh) -> old - some);
      send(DATA, sent == body.length ? END_STREAM : 0, stream, piece);
    }
  }

  /** Reads the answer on a stream, what comes on others being kept until it is asked for. */
  public Reply reply(int stream) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type == GOAWAY && frame.error() != 0) {
        throw new IOException("GOAWAY with error " + frame.error());
      }
      if (frame.stream != stream) {
        continue;
      }
      if (frame.type == RST_STREAM) {
        throw new IOException("the stream was reset with error " + frame.error());
      }
      if (frame.has(END_STREAM) && (frame.type == DATA || frame.type == HEADERS)) {
        Answer answer = answers.remove(stream);
        return new Reply(answer.status, answer.headers, answer.body.toByteArray());
      }
    }
  }

  /** Reads up to a frame of that type; throws when the server ends the stream before it. */
  public Frame await(int type) throws IOException {
    Frame frame = read();
    while (frame.type != type) {
      frame = read();
    }
    return frame;
  }

  /** Reads one frame, doing what it asks for: settings are acknowledged, windows counted. */
  public Frame read() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(client.readBytes(9));
    int length = ((head.get() & 0xff) << 16) | (head.getShort() & 0xffff);
    int type = head.get();
    int flags = head.get() & 0xff;
    int stream = head.getInt() & 0x7fffffff;
    Frame frame = new Frame(type, flags, stream, client.readBytes(length));
    switch (type) {
      case SETTINGS -> {
        if (!frame.has(ACK)) {
          send(SETTINGS, ACK, 0);
        }
      }
      case WINDOW_UPDATE -> update(stream, ByteBuffer.wrap(frame.payload).getInt());
      case HEADERS -> head(frame);
      case DATA -> answers.get(stream).body.writeBytes(frame.payload);
      default -> {}
    }
    return frame;
  }

  private void update(int stream, int more) {
    if (stream == 0) {
      window += more;
    } else {
      streamWindows.merge(stream, 65_535 + more, (old, fresh) -> old + more);
    }
  }

  private void head(Frame frame) throws IOException {
    if (!frame.has(END_HEADERS)) {
      throw new IOException("a head in several frames is not expected here");
    }
    Answer answer = answers.computeIfAbsent(frame.stream, number -> new Answer());
    List<String> fields = new ArrayList<>();
    try {
      for (Map.Entry<CharSequence, CharSequence> field :
          decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload))) {
        if (field.getKey().toString().equals(":status")) {
          answer.status = Integer.parseInt(field.getValue().toString());
        } else {
          fields.add(field.getKey().toString());
          fields.add(field.getValue().toString());
        }
      }
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
    answer.headers = Headers.of(fields.toArray(String[]::new));
  }

  /** Text as it stands in a GOAWAY's debug data, for a test that failed. */
  public static String debug(Frame goAway) {
    return new String(
        goAway.payload, 8, Math.max(0, goAway.payload.length - 8), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
