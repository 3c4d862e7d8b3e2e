package dev.postlude.benchmarks.http.peers.frameworks;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RoutingHandler;
import io.undertow.util.Headers;
import io.undertow.util.PathTemplateMatch;
import java.nio.ByteBuffer;

/** Undertow, handlers on its I/O threads; what comes after the response runs on its worker pool. */
public final class UndertowPeer implements Peer {
  @Override
  public void start(Setup setup) {
    RoutingHandler routes = new RoutingHandler();
    routes.get("/plaintext", exchange -> text(exchange, Content.TEXT));
    routes.get("/json", exchange -> json(exchange, Content.messageJson()));
    for (int i = 0; i < Content.AREAS; i++) {
      routes.get("/area" + i + "/items/{id}", exchange -> text(exchange, item(exchange)));
    }
    routes.post(
        "/echo",
        exchange ->
            exchange
                .getRequestReceiver()
                .receiveFullBytes(
                    (whole, body) -> json(whole, Content.orderJson(Content.order(body)))));
    routes.get(
        "/task",
        exchange -> {
          setup.tasks().ask();
          exchange.addExchangeCompleteListener(
              (done, next) -> {
                done.getConnection().getWorker().execute(() -> setup.tasks().run());
                next.proceed();
              });
          text(exchange, Content.ACCEPTED);
        });
    Undertow.builder()
        .addHttpListener(setup.port(), Setup.HOST)
        .setIoThreads(setup.loops())
        .setHandler(routes)
        .build()
        .start();
  }

  private static String item(HttpServerExchange exchange) {
    return exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY).getParameters().get("id");
  }

  private static void text(HttpServerExchange exchange, String text) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
    exchange.getResponseSender().send(text);
  }

  private static void json(HttpServerExchange exchange, byte[] json) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseSender().send(ByteBuffer.wrap(json));
  }
}
