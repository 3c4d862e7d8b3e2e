package dev.postlude.test;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A test's end of a WebSocket.
 *
 * <pre>{@code
 * try (TestWebSocket chat = client.webSocket("/chat/tea")) {
 *   chat.send("hello");
 *   assertThat(chat.text()).isEqualTo("ann: hello");
 * }
 * }</pre>
 *
 * <p>What receives waits for a message as long as the client waits for anything, and fails then.
 * Closing it keeps the promise of {@link TestClient}: it returns when the background tasks of the
 * request that opened it have ended.
 *
 * <p>For one thread.
 */
public final class TestWebSocket implements AutoCloseable {
  private final String name;
  private final Duration patience;
  private final Runnable follow;
  private final Ear ear = new Ear();
  private @Nullable WebSocket socket;
  private boolean over;

  /**
   * A socket that is not open yet.
   *
   * @param follow what is done after it has been closed
   */
  TestWebSocket(String name, Duration patience, Runnable follow) {
    this.name = name;
    this.patience = patience;
    this.follow = follow;
  }

  WebSocket.Listener listener() {
    return ear;
  }

  void open(WebSocket opened) {
    socket = opened;
  }

  private WebSocket socket() {
    WebSocket present = socket;
    if (present == null) {
      throw new IllegalStateException("The WebSocket is not open yet.");
    }
    return present;
  }

  /** Returns the sub-protocol that was agreed upon; empty for none. */
  public String subprotocol() {
    return socket().getSubprotocol();
  }

  /** Sends a text. */
  public void send(String text) {
    await(socket().sendText(text, true), "taking a message");
  }

  /** Sends bytes. */
  public void send(byte[] bytes) {
    await(socket().sendBinary(ByteBuffer.wrap(bytes), true), "taking a message");
  }

  /**
   * Returns the next message, a text; waits for it.
   *
   * @throws AssertionError if none comes in time, it is another, or the socket is closed instead
   */
  public String text() {
    return receive(String.class);
  }

  /**
   * Returns the next message, a binary one; waits for it.
   *
   * @throws AssertionError if none comes in time, it is another, or the socket is closed instead
   */
  public byte[] bytes() {
    return receive(byte[].class);
  }

  private <T> T receive(Class<T> type) {
    Object heard = ear.next(patience);
    if (heard == null) {
      throw new AssertionError(
          name + " said nothing for " + patience + ". To wait longer say waitAtMost(Duration).");
    }
    if (heard instanceof Throwable broken) {
      throw new AssertionError(name + " broke off.", broken);
    }
    if (!type.isInstance(heard)) {
      String what = heard instanceof byte[] bytes ? bytes.length + " bytes" : heard.toString();
      throw new AssertionError(name + " said something else than was expected: " + what);
    }
    return type.cast(heard);
  }

  /**
   * Waits until the server closes the socket, past what it says before, and returns the code.
   *
   * @throws AssertionError if it does not in time, or a task failed
   */
  public int awaitClose() {
    int code = await(ear.closed, "closing");
    close();
    return code;
  }

  /**
   * Closes the socket with code 1000, if it is open, and waits for the background tasks.
   *
   * @throws AssertionError if a task failed, or they do not end in time
   */
  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    WebSocket present = socket();
    if (!present.isOutputClosed()) {
      present.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }
    try {
      await(ear.closed, "closing");
    } finally {
      present.abort();
      follow.run();
    }
  }

  private <T> T await(CompletableFuture<T> future, String what) {
    try {
      return future.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(name + " is not " + what + " after " + patience + ".", late);
    } catch (ExecutionException failed) {
      throw new AssertionError(name + " broke off.", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The test was interrupted while it waited.", interrupted);
    }
  }

  /** What is heard. Called by the HTTP client's threads, one at a time. */
  private static final class Ear implements WebSocket.Listener {
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    @Nullable Object next(Duration patience) {
      try {
        return heard.poll(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The test was interrupted while it waited.", interrupted);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        heard.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      binary.writeBytes(bytes);
      if (last) {
        heard.add(binary.toByteArray());
        binary.reset();
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard.add(new Goodbye(code, reason));
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      heard.add(error);
      closed.completeExceptionally(error);
    }
  }

  private record Goodbye(int code, String reason) {
    @Override
    public String toString() {
      return "goodbye, with code " + code + (reason.isEmpty() ? "" : ": " + reason);
    }
  }
}
