package dev.postlude.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * A response's content on its way to one client, while it is being made.
 *
 * <p>Writing blocks while the client is slower than the writer and throws a {@link
 * DisconnectedException} when nobody is there to read any more. A piece goes out when it is flushed
 * or a few kilobytes have gathered. Closing it does nothing. For one thread at a time, but for
 * {@link #isOpen} and {@link #onClose}, which are for any.
 */
public abstract class ResponseStream extends OutputStream {
  /** A stream; those that lead to clients are the server's. */
  protected ResponseStream() {}

  /**
   * Whether it is worth while to go on: false when the client has left or, for server-sent events,
   * the server is stopping.
   */
  public abstract boolean isOpen();

  /**
   * Has something done once when the stream ends before its writer does: on a worker thread, at
   * once if that has happened already. It is not done for a writer that came to its own end.
   */
  public abstract void onClose(Runnable action);

  /**
   * This stream behind another one, which changes what is written: compresses it, say.
   *
   * @param front writes to this stream
   */
  public final ResponseStream behind(OutputStream front) {
    return new Fronted(Objects.requireNonNull(front, "front"), this);
  }

  /** A stream which is always open and leads where a test can look at what was written. */
  public static ResponseStream to(OutputStream target) {
    Objects.requireNonNull(target, "target");
    return new Fronted(
        target,
        new ResponseStream() {
          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void onClose(Runnable action) {}

          @Override
          public void write(int b) {}
        });
  }

  private static final class Fronted extends ResponseStream {
    private final OutputStream front;
    private final ResponseStream end;

    Fronted(OutputStream front, ResponseStream end) {
      this.front = front;
      this.end = end;
    }

    @Override
    public boolean isOpen() {
      return end.isOpen();
    }

    @Override
    public void onClose(Runnable action) {
      end.onClose(action);
    }

    @Override
    public void write(int b) throws IOException {
      front.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      front.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      front.flush();
    }
  }
}
