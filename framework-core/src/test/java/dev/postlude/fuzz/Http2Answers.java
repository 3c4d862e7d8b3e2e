package dev.postlude.fuzz;

import dev.postlude.wire.RawHttp2;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what a server sent in HTTP/2 from its beginning to its end, and forgives nothing. */
final class Http2Answers {
  private static final int MAX_FRAME = 16_384;
  private static final long LARGEST_TABLE = 0xffff_ffffL;

  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, 1 << 20);
  private final List<Integer> statuses = new ArrayList<>();
  private final Set<Integer> begun = new HashSet<>();
  private final Set<Integer> ended = new HashSet<>();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private int blockStream;
  private boolean blockEnds;

  private Http2Answers() throws IOException {
    try {
      decoder.configuration().maxHeaderTableSize(LARGEST_TABLE);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /**
   * The statuses of all answers.
   *
   * @throws IOException when anything is not as RFC 9113 has it
   */
  static List<Integer> statusesOf(byte[] bytes) throws IOException {
    if (bytes.length > 4 && bytes[0] == 'H' && bytes[1] == 'T') {
      return Answers.statusesOf(bytes); // to a preface that was spoilt
    }
    Http2Answers answers = new Http2Answers();
    ByteBuffer all = ByteBuffer.wrap(bytes);
    while (all.hasRemaining()) {
      answers.frame(all);
    }
    require(answers.blockStream == 0, "end within a field block");
    return answers.statuses;
  }

  private void frame(ByteBuffer all) throws IOException {
    require(all.remaining() >= 9, "torn frame");
    int length = ((all.get() & 0xff) << 16) | (all.getShort() & 0xffff);
    int type = all.get();
    int flags = all.get() & 0xff;
    int stream = all.getInt();
    require(length <= all.remaining(), "torn frame of type " + type);
    require(length <= MAX_FRAME || type == RawHttp2.DATA, "frame of " + length + " bytes");
    byte[] payload = new byte[length];
    all.get(payload);
    boolean continuation = type == RawHttp2.CONTINUATION;
    require(continuation == (blockStream != 0), "frame of type " + type + " within a block");
    boolean end = (flags & RawHttp2.END_STREAM) != 0;
    switch (type) {
      case RawHttp2.HEADERS -> {
        requireOpen(stream);
        blockStream = stream;
        blockEnds = end;
        block(flags, payload);
      }
      case RawHttp2.CONTINUATION -> {
        require(stream == blockStream, "block of another stream");
        block(flags, payload);
      }
      case RawHttp2.DATA -> {
        requireOpen(stream);
        require(begun.contains(stream), "content before its head on stream " + stream);
        if (end) {
          ended.add(stream);
        }
      }
      case RawHttp2.RST_STREAM -> {
        require(length == 4 && stream > 0, "reset");
        if (begun.contains(stream)) { // else it may be opened still
          ended.add(stream);
        }
      }
      case RawHttp2.WINDOW_UPDATE -> require(length == 4 && stream >= 0, "window update");
      case RawHttp2.SETTINGS -> require(length % 6 == 0 && stream == 0, "settings");
      case RawHttp2.PING -> require(length == 8 && stream == 0, "ping");
      case RawHttp2.GOAWAY -> require(length >= 8 && stream == 0, "goaway");
      default -> require(false, "frame of type " + type);
    }
  }

  private void requireOpen(int stream) throws IOException {
    require(stream > 0 && stream % 2 == 1, "stream " + stream);
    require(!ended.contains(stream), "frame after the end of stream " + stream);
  }

  private void block(int flags, byte[] payload) throws IOException {
    block.writeBytes(payload);
    if ((flags & RawHttp2.END_HEADERS) == 0) {
      return;
    }
    Http2Headers fields;
    try {
      fields = decoder.decodeHeaders(blockStream, Unpooled.wrappedBuffer(block.toByteArray()));
    } catch (Http2Exception e) {
      throw new IOException("malformed field block", e);
    }
    require(fields.status() != null, "head without a status");
    int status = Integer.parseInt(fields.status().toString());
    statuses.add(status);
    if (status >= 200) {
      require(begun.add(blockStream), "second head on stream " + blockStream);
    }
    if (blockEnds) {
      ended.add(blockStream);
    }
    block.reset();
    blockStream = 0;
  }

  private static void require(boolean right, String what) throws IOException {
    if (!right) {
      throw new IOException("malformed: " + what);
    }
  }
}
