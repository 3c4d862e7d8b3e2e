package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.files.StaticFiles;
import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;
import dev.postlude.routing.Routes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A room where all hear what one says. Who is slow to listen misses words, and holds up nobody. */
public final class Chat implements WebSocketListener {
  private final Set<WebSocket> present = ConcurrentHashMap.newKeySet();

  private Chat() {}

  public static App app() {
    return App.of(Chat::routes);
  }

  public static void routes(Routes routes) {
    Chat room = new Chat();
    routes.webSocket("/room", request -> room);
    routes.get("/{path...}", StaticFiles.classPath("/chat"));
  }

  @Override
  public void open(WebSocket socket) {
    present.add(socket);
    tell("Somebody came in: we are " + present.size() + " now.");
  }

  @Override
  public void text(WebSocket socket, String text) {
    tell(text);
  }

  @Override
  public void closed(WebSocket socket, int code, String reason) {
    present.remove(socket);
    tell("Somebody left.");
  }

  private void tell(String text) {
    present.forEach(socket -> socket.trySend(text));
  }
}
