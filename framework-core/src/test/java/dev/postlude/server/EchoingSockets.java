package dev.postlude.server;

import dev.postlude.App;
import dev.postlude.wire.Echo;

/** A program that sends back every message, for Autobahn's suite: {@code mvn verify -Pautobahn}. */
public final class EchoingSockets {
  private EchoingSockets() {}

  public static void main(String[] args) {
    App.of(routes -> routes.webSocket("/", handshake -> new Echo()))
        .with(ServerOptions.onPort(Integer.parseInt(args[0])).host("127.0.0.1").stopOnSignal(false))
        .start();
  }
}
