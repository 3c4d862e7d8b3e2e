package dev.postlude.wire;

import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;

/** A listener that sends back every message. */
public final class Echo implements WebSocketListener {
  @Override
  public void text(WebSocket socket, String text) throws Exception {
    socket.send(text);
  }

  @Override
  public void binary(WebSocket socket, byte[] bytes) throws Exception {
    socket.send(bytes);
  }
}
