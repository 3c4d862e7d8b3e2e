package dev.postlude.wire;

import dev.postlude.server.Server;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A conversation of the JDK's own WebSocket client, which writes down what it hears. */
public final class Talk implements WebSocket.Listener {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

  private Talk() {}

  /** What both of them are: the client's end, and what it hears. */
  public record Open(WebSocket socket, Talk talk) {
    /** The next thing heard; waits for it. */
    public String next() throws InterruptedException {
      String next = talk.heard.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was heard for 10 seconds");
      }
      return next;
    }

    public void send(String message) throws Exception {
      socket.sendText(message, true).get(10, TimeUnit.SECONDS);
    }

    public void send(byte[] message) throws Exception {
      socket.sendBinary(ByteBuffer.wrap(message), true).get(10, TimeUnit.SECONDS);
    }
  }

  public static Open open(Server server, String path) throws Exception {
    return open(server, path, builder -> builder);
  }

  public static Open open(Server server, String path, UnaryOperator<WebSocket.Builder> change)
      throws Exception {
    return open(CLIENT, URI.create("ws://127.0.0.1:" + server.port() + path), change);
  }

  public static Open open(HttpClient client, URI uri, UnaryOperator<WebSocket.Builder> change)
      throws Exception {
    Talk talk = new Talk();
    return new Open(
        change.apply(client.newWebSocketBuilder()).buildAsync(uri, talk).get(10, TimeUnit.SECONDS),
        talk);
  }

  /** The status with which a socket is refused. */
  public static int refusal(Server server, String path) throws Exception {
    try {
      open(server, path);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
    throw new AssertionError(path + " was not refused");
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      heard.add("text " + text);
      text.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    binary.writeBytes(bytes);
    if (last) {
      heard.add("binary " + binary.toString(StandardCharsets.ISO_8859_1));
      binary.reset();
    }
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    heard.add("ping " + StandardCharsets.UTF_8.decode(message));
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    heard.add("pong " + StandardCharsets.UTF_8.decode(message));
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    heard.add(("closed " + code + " " + reason).strip());
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    heard.add("error " + error);
  }
}
