package dev.postlude.wire;

import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that writes down what it is called with, for tests to wait for. */
public class Listening implements WebSocketListener {
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();

  @Override
  public void open(WebSocket socket) throws Exception {
    this.socket.complete(socket);
    calls.add("open");
  }

  @Override
  public void text(WebSocket socket, String text) throws Exception {
    calls.add("text " + text);
  }

  @Override
  public void binary(WebSocket socket, byte[] bytes) throws Exception {
    calls.add("binary " + bytes.length);
  }

  @Override
  public void pong(WebSocket socket, byte[] payload) throws Exception {
    calls.add("pong " + payload.length);
  }

  @Override
  public void failed(WebSocket socket, Throwable cause) throws Exception {
    calls.add("failed " + cause.getClass().getSimpleName());
  }

  @Override
  public void closed(WebSocket socket, int code, String reason) throws Exception {
    calls.add(("closed " + code + " " + reason).strip());
  }

  /** The next call; waits for it. */
  public String next() throws InterruptedException {
    String call = calls.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("the listener was not called within 10 seconds");
    }
    return call;
  }

  /** The calls that nobody has asked for yet. */
  public int left() {
    return calls.size();
  }

  /** The socket, once it is open. */
  public WebSocket socket() throws Exception {
    return socket.get(10, TimeUnit.SECONDS);
  }
}
