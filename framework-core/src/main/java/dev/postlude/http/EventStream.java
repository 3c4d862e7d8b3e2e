package dev.postlude.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Server-sent events on their way to one client: the HTML standard, section 9.2.
 *
 * <p>Thread-safe. Sending blocks while the client is slow. When the client leaves or the server
 * stops, the source is interrupted, wherever it waits, {@link #isOpen} is false and sending throws
 * a {@link DisconnectedException}; whatever the source then throws or returns is a good end. A
 * server that stops sends the end of the stream, and the client connects again to wherever it finds
 * one.
 */
public final class EventStream {
  /**
   * How long the stream may be silent before a comment is sent, which shows whether the client is
   * still there.
   */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final byte[] BEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final ResponseStream out;
  private final Lock sending = new ReentrantLock();

  EventStream(ResponseStream out) {
    this.out = out;
  }

  /** The content of a response that a source makes. */
  static Body of(Source source) {
    Objects.requireNonNull(source, "source");
    return new Body.Stream(out -> source.run(new EventStream(out)), HEARTBEAT, BEAT, true);
  }

  /** Uses the stream while it is there. */
  @FunctionalInterface
  public interface Source {
    /** Sends events. Called on a worker thread, where it may block; returning ends the stream. */
    void run(EventStream events) throws Exception;
  }

  /** Whether somebody listens still: {@code while (events.isOpen()) ...}. */
  public boolean isOpen() {
    return out.isOpen();
  }

  /**
   * Has something done once, on a worker thread, when the client leaves or the server stops; at
   * once if that has happened already. Not needed to wake a source that waits, which is
   * interrupted.
   */
  public void onClose(Runnable action) {
    out.onClose(action);
  }

  /** Sends an event with data only. */
  public void send(String data) throws IOException {
    write(field("data", data));
  }

  /**
   * Sends an event of a type.
   *
   * @param type one line
   */
  public void send(String type, String data) throws IOException {
    write(field("event", requireLine("type", type)) + field("data", data));
  }

  /**
   * Sends an event of a type, with an id that the client hands back as {@code Last-Event-ID} when
   * it connects again.
   *
   * @param id one line
   * @param type one line
   */
  public void send(String id, String type, String data) throws IOException {
    write(
        field("id", requireLine("id", id))
            + field("event", requireLine("type", type))
            + field("data", data));
  }

  /** Tells the client how long to wait before it connects again. */
  public void retryAfter(Duration time) throws IOException {
    write(field("retry", Long.toString(time.toMillis())));
  }

  private void write(String fields) throws IOException {
    byte[] event = (fields + "\n").getBytes(StandardCharsets.UTF_8);
    sending.lock();
    try {
      out.write(event);
      out.flush();
    } finally {
      sending.unlock();
    }
  }

  private static String field(String name, String value) {
    Objects.requireNonNull(value, name);
    StringBuilder lines = new StringBuilder(value.length() + 16);
    for (String line : value.split("\r\n|\r|\n", -1)) {
      lines.append(name).append(": ").append(line).append('\n');
    }
    return lines.toString();
  }

  private static String requireLine(String what, String value) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "an event's " + what + " is one line: " + Token.quoted(value));
    }
    return value;
  }
}
