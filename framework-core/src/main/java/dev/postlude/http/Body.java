package dev.postlude.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The content of a response: what a server writes after the head. */
public sealed interface Body {
  /** No content. */
  Body EMPTY = new Bytes(new byte[0]);

  /** The number of bytes, or -1 when it is not known beforehand. */
  long length();

  /**
   * Content in memory.
   *
   * @param array handed over: not copied, and not to be changed afterwards
   */
  record Bytes(byte[] array) implements Body {
    public Bytes {
      Objects.requireNonNull(array, "array");
    }

    @Override
    public long length() {
      return array.length;
    }
  }

  /**
   * A piece of a file, which the kernel copies to the socket by itself where it can. The file is
   * opened when its turn comes; one that has become shorter by then closes the connection, so that
   * the client sees the truncation.
   *
   * @param offset where the piece begins, in bytes
   * @param length how long it is, in bytes
   */
  record File(Path path, long offset, long length) implements Body {
    public File {
      Objects.requireNonNull(path, "path");
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException(
            "a piece of a file begins at 0 or later and has 0 bytes or more, not "
                + offset
                + " and "
                + length);
      }
    }
  }

  /**
   * Several contents one after the other.
   *
   * @param parts contents whose lengths are known
   */
  record Parts(List<Body> parts) implements Body {
    public Parts {
      parts = List.copyOf(parts);
      if (parts.stream().anyMatch(part -> part.length() < 0)) {
        throw new IllegalArgumentException("parts are contents whose lengths are known");
      }
    }

    @Override
    public long length() {
      return parts.stream().mapToLong(Body::length).sum();
    }
  }

  /**
   * Content that is made while it is being written.
   *
   * @param writer makes it
   * @param heartbeat how long nothing may be written before the beat is, or zero for never
   * @param beat what to write then, behind what the writer has flushed and never in the middle
   * @param endless whether it goes on until somebody ends it: its writer is then interrupted when
   *     the client leaves or the server stops, and a stopping server does not wait for it
   */
  record Stream(Writer writer, Duration heartbeat, byte[] beat, boolean endless) implements Body {
    public Stream {
      Objects.requireNonNull(writer, "writer");
    }

    /** Content that ends by itself, without a beat. */
    Stream(Writer writer) {
      this(writer, Duration.ZERO, new byte[0], false);
    }

    @Override
    public long length() {
      return -1;
    }
  }

  /**
   * No content but what a WebSocket says: the connection is one from then on. Made by {@code
   * Response.webSocket}.
   *
   * @param listener what the server does with it
   * @param handshake the client's wish, checked
   */
  record WebSocket(WebSocketListener listener, WebSocketHandshake handshake) implements Body {
    public WebSocket {
      Objects.requireNonNull(listener, "listener");
      Objects.requireNonNull(handshake, "handshake");
    }

    @Override
    public long length() {
      return -1;
    }
  }

  /** Makes a response's content piece by piece. */
  @FunctionalInterface
  interface Writer {
    /**
     * Writes the content. Called once, on a worker thread; returning ends the response, throwing
     * ends the connection, so that the client sees the truncation.
     *
     * @param out blocks while the client is slower than the writer, so that nothing piles up;
     *     throws a {@link DisconnectedException} once the client is gone
     */
    void write(ResponseStream out) throws Exception;
  }
}
