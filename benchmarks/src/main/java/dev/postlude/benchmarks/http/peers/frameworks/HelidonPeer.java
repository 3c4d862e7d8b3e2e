package dev.postlude.benchmarks.http.peers.frameworks;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;

/**
 * Helidon SE: a virtual thread a connection. What comes after the response runs on that thread,
 * which takes the connection's next request only then.
 */
public final class HelidonPeer implements Peer {
  @Override
  public void start(Setup setup) {
    WebServer.builder()
        .host(Setup.HOST)
        .port(setup.port())
        .routing(routes -> write(routes, setup))
        .build()
        .start();
  }

  private static void write(HttpRouting.Builder routes, Setup setup) {
    routes.get("/plaintext", (request, response) -> text(response, Content.TEXT));
    routes.get("/json", (request, response) -> json(response, Content.messageJson()));
    for (int i = 0; i < Content.AREAS; i++) {
      routes.get(
          "/area" + i + "/items/{id}",
          (request, response) -> text(response, request.path().pathParameters().get("id")));
    }
    routes.post(
        "/echo",
        (request, response) ->
            json(response, Content.orderJson(Content.order(request.content().as(byte[].class)))));
    routes.get(
        "/task",
        (request, response) -> {
          setup.tasks().ask();
          response.whenSent(() -> setup.tasks().run());
          text(response, Content.ACCEPTED);
        });
  }

  private static void text(ServerResponse response, String text) {
    response.headers().contentType(MediaTypes.TEXT_PLAIN);
    response.send(text);
  }

  private static void json(ServerResponse response, byte[] json) {
    response.headers().contentType(MediaTypes.APPLICATION_JSON);
    response.send(json);
  }
}
