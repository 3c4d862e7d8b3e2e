package dev.postlude.server;

import dev.postlude.http.HttpException;
import io.netty.buffer.ByteBuf;

/** Where the bytes of a request's body go as they come in. Called on the event loop. */
interface IncomingBody {
  /** Takes the bytes; the buffer stays the caller's. */
  void add(ByteBuf content);

  /** Whether there have been more bytes than allowed. */
  boolean isTooLarge();

  /** Whether no more bytes should be read for the time being. */
  boolean isFull();

  /** The body is whole. */
  void end();

  /** The rest will not come. */
  void breakOff(Exception cause);

  /** What a client is told whose body is larger than the limit, in bytes. */
  static HttpException tooLarge(long limit) {
    return new HttpException(413, "the body is larger than " + limit + " bytes");
  }
}
