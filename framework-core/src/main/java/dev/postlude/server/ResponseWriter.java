package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.Method;
import dev.postlude.http.Response;
import dev.postlude.http.Status;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response by its kind of content, and hangs what comes afterwards on the promise of the
 * last write.
 */
final class ResponseWriter {
  /** Up to here content is handed over whole even where that copies it. */
  private static final int AT_ONCE = 64 * 1024;

  private ResponseWriter() {}

  /**
   * Writes without flushing. Runs on the event loop.
   *
   * @param request what it answers; {@code null} for bytes that were no request
   * @param server whose workers run the writers of streamed content
   * @param done called on the event loop when the last piece has been handed to the channel and the
   *     next response may follow
   */
  static void write(
      Wire wire,
      Response response,
      @Nullable Admission admission,
      @Nullable Incoming request,
      ServerContext server,
      Runnable done) {
    Body body = response.body();
    if (body instanceof Body.WebSocket) {
      throw new IllegalStateException("only an HTTP/1.1 connection becomes a WebSocket");
    }
    boolean headOnly = request != null && request.head().method().equals(Method.HEAD);
    if (headOnly || Status.forbidsContent(response.status()) || body.length() == 0) {
      wire.headOnly(response, last(server, wire, response, admission, 0));
    } else if (body instanceof Body.Bytes bytes
        && (bytes.length() <= AT_ONCE || wire.takesAnySize())) {
      wire.full(response, bytes.array(), last(server, wire, response, admission, bytes.length()));
    } else if (body instanceof Body.Stream stream) {
      wire.head(response);
      new StreamSink(wire, stream, response.status(), request, admission, server, done).start();
      return;
    } else if (!wire.takesAnySize()) {
      wire.head(response);
      Body.Stream copying =
          new Body.Stream(out -> copy(body, out), Duration.ZERO, new byte[0], false);
      new StreamSink(wire, copying, response.status(), request, admission, server, done).start();
      return;
    } else {
      wire.head(response);
      parts(server, wire, response, admission, request, body);
    }
    done.run();
  }

  /** Runs on a worker. */
  private static void copy(Body body, OutputStream out) throws IOException {
    if (body instanceof Body.Bytes bytes) {
      out.write(bytes.array());
    } else if (body instanceof Body.File file) {
      try (InputStream in = Files.newInputStream(file.path())) {
        in.skipNBytes(file.offset());
        copy(in, file.length(), out);
      }
    } else if (body instanceof Body.Parts several) {
      for (Body part : several.parts()) {
        copy(part, out);
      }
    }
  }

  private static void copy(InputStream in, long length, OutputStream out) throws IOException {
    byte[] piece = new byte[8 * 1024];
    for (long left = length; left > 0; ) {
      int some = in.read(piece, 0, (int) Math.min(piece.length, left));
      if (some < 0) {
        throw new EOFException("the file has become shorter while it was sent");
      }
      out.write(piece, 0, some);
      left -= some;
    }
  }

  private static void parts(
      ServerContext server,
      Wire wire,
      Response response,
      @Nullable Admission admission,
      @Nullable Incoming request,
      Body body) {
    List<Body> parts = body instanceof Body.Parts several ? several.parts() : List.of(body);
    KernelCopies copies = new KernelCopies(request);
    long before = 0;
    for (int i = 0; i < parts.size(); i++) {
      Body part = parts.get(i);
      boolean last = i == parts.size() - 1;
      Admission after = last ? admission : null;
      ChannelPromise written =
          after != null || part instanceof Body.File
              ? wire.context().newProgressivePromise()
              : wire.context().voidPromise();
      if (part instanceof Body.File file) {
        written.addListener((ChannelFuture copy) -> copies.ended(file, copy));
      }
      if (after != null) {
        written.addListener(
            new Afterwards(
                server, after, response.status(), before, part.length(), copies::haveFailed));
      }
      if (part instanceof Body.File file) {
        wire.file(file.path(), file.offset(), file.length(), last, written);
      } else if (part instanceof Body.Bytes bytes) {
        wire.content(bytes.array(), last, written);
      } else {
        throw new IllegalArgumentException("parts within parts are not written: flatten them");
      }
      before += part.length();
    }
  }

  private static ChannelPromise last(
      ServerContext server,
      Wire wire,
      Response response,
      @Nullable Admission admission,
      long length) {
    if (admission == null) {
      return wire.context().voidPromise();
    }
    ChannelProgressivePromise promise = wire.context().newProgressivePromise();
    promise.addListener(new Afterwards(server, admission, response.status(), 0, length));
    return promise;
  }
}
