package dev.postlude.server;

import dev.postlude.http.Response;
import dev.postlude.http.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.file.Path;

/**
 * The way of one response to the network, in the words of one protocol. Used on the event loop
 * only; nothing is flushed unless it says so.
 */
interface Wire {
  ChannelHandlerContext context();

  /**
   * Writes a whole response whose content is in memory.
   *
   * @param last completes with the last write
   */
  void full(Response response, byte[] content, ChannelPromise last);

  /**
   * Writes the head of a response that has no content, or none for this request.
   *
   * @param last completes with the last write
   */
  void headOnly(Response response, ChannelPromise last);

  /**
   * Whether content of any size may be handed over at once: memory by reference, files for the
   * kernel to copy.
   */
  boolean takesAnySize();

  /** How many bytes of a stream may be on their way before its writer waits. */
  default int room(ServerOptions options) {
    return 64 * 1024;
  }

  /**
   * The length that a head without chunked content tells; -1 for none. A 205 has no content, and
   * says so: RFC 9110 section 15.3.6.
   */
  static long length(Response response) {
    int status = response.status();
    if (Status.forbidsContent(status)) {
      return status == 205 ? 0 : -1;
    }
    return response.body().length();
  }

  /**
   * Writes a head with content to follow, of a length that the body knows or else up to {@link
   * #end}.
   */
  void head(Response response);

  /**
   * Writes a piece of content.
   *
   * @param last whether no more follows, not even {@link #end}
   */
  void content(ByteBuf piece, boolean last, ChannelPromise written);

  /**
   * Writes a piece of content that is in memory, of any size where {@link #takesAnySize}.
   *
   * @param last whether no more follows, not even {@link #end}
   */
  default void content(byte[] piece, boolean last, ChannelPromise written) {
    content(Unpooled.wrappedBuffer(piece), last, written);
  }

  /**
   * Writes a piece of a file.
   *
   * @param last whether no more follows, not even {@link #end}
   */
  void file(Path path, long offset, long length, boolean last, ChannelPromise written);

  /** Ends content of a length that was not known beforehand. */
  void end(ChannelPromise last);

  /** Gives up in the middle of a response, so that the client sees that it is not whole. */
  void abort();
}
