package dev.postlude.benchmarks.http.peers.frameworks;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.activej.eventloop.Eventloop;
import io.activej.http.AsyncServlet;
import io.activej.http.ContentTypes;
import io.activej.http.HttpHeaderValue;
import io.activej.http.HttpHeaders;
import io.activej.http.HttpMethod;
import io.activej.http.HttpResponse;
import io.activej.http.HttpServer;
import io.activej.http.RoutingServlet;
import io.activej.net.PrimaryServer;
import io.activej.promise.Promise;
import io.activej.reactor.Reactor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * ActiveJ HTTP: an event loop that accepts and one a processor that serve. It has nothing to hang
 * work on that comes after the write; the task is submitted by the handler, before.
 */
public final class ActivejPeer implements Peer {
  private static final HttpHeaderValue JSON =
      HttpHeaderValue.ofContentType(ContentTypes.JSON_UTF_8);

  @Override
  public void start(Setup setup) throws Exception {
    ExecutorService threads = setup.taskThreads();
    List<HttpServer> servers = new ArrayList<>();
    for (int i = 0; i < setup.loops(); i++) {
      Eventloop loop = loop("activej-" + i);
      loop.submit(() -> servers.add(HttpServer.builder(loop, routes(loop, setup, threads)).build()))
          .get();
    }
    Eventloop accepting = loop("activej-accept");
    PrimaryServer primary =
        PrimaryServer.builder(accepting, servers)
            .withListenAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), setup.port()))
            .build();
    accepting.submit(primary::listen).get();
  }

  private static Eventloop loop(String name) {
    Eventloop loop = Eventloop.builder().withThreadName(name).build();
    loop.keepAlive(true);
    new Thread(loop, name).start();
    return loop;
  }

  private static AsyncServlet routes(Reactor reactor, Setup setup, ExecutorService threads) {
    RoutingServlet.Builder routes =
        RoutingServlet.builder(reactor)
            .with(HttpMethod.GET, "/plaintext", request -> text(Content.TEXT))
            .with(HttpMethod.GET, "/json", request -> json(Content.messageJson()))
            .with(
                HttpMethod.POST,
                "/echo",
                request ->
                    request
                        .loadBody()
                        .then(body -> json(Content.orderJson(Content.order(body.getArray())))))
            .with(
                HttpMethod.GET,
                "/task",
                request -> {
                  setup.tasks().ask();
                  threads.execute(() -> setup.tasks().run());
                  return text(Content.ACCEPTED);
                });
    for (int i = 0; i < Content.AREAS; i++) {
      routes.with(
          HttpMethod.GET,
          "/area" + i + "/items/:id",
          request -> text(request.getPathParameter("id")));
    }
    return routes.build();
  }

  private static Promise<HttpResponse> text(String text) {
    return HttpResponse.ok200().withPlainText(text).toPromise();
  }

  private static Promise<HttpResponse> json(byte[] json) {
    return HttpResponse.ok200()
        .withHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .withBody(json)
        .toPromise();
  }
}
