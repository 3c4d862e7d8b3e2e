package dev.postlude.benchmarks.http.peers.frameworks;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/** Vert.x-web, a verticle an event loop; what comes after the response runs on its worker pool. */
public final class VertxPeer implements Peer {
  private static final String TYPE = "content-type";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";

  @Override
  public void start(Setup setup) {
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventLoopPoolSize(setup.loops()))
            .build();
    vertx
        .deployVerticle(
            () -> new Verticle(setup), new DeploymentOptions().setInstances(setup.loops()))
        .await();
  }

  private static final class Verticle extends VerticleBase {
    private final Setup setup;

    Verticle(Setup setup) {
      this.setup = setup;
    }

    @Override
    public Future<?> start() {
      return vertx.createHttpServer().requestHandler(routes()).listen(setup.port(), Setup.HOST);
    }

    private Router routes() {
      Router router = Router.router(vertx);
      router.get("/plaintext").handler(ctx -> text(ctx, Content.TEXT));
      router
          .get("/json")
          .handler(
              ctx ->
                  ctx.response().putHeader(TYPE, JSON).end(Buffer.buffer(Content.messageJson())));
      for (int i = 0; i < Content.AREAS; i++) {
        router.get("/area" + i + "/items/:id").handler(ctx -> text(ctx, ctx.pathParam("id")));
      }
      router.post("/echo").handler(BodyHandler.create(false)).handler(Verticle::echo);
      router.get("/task").handler(this::task);
      return router;
    }

    private static Future<Void> text(RoutingContext ctx, String text) {
      return ctx.response().putHeader(TYPE, TEXT).end(text);
    }

    private static void echo(RoutingContext ctx) {
      byte[] json = Content.orderJson(Content.order(ctx.body().buffer().getBytes()));
      ctx.response().putHeader(TYPE, JSON).end(Buffer.buffer(json));
    }

    private void task(RoutingContext ctx) {
      setup.tasks().ask();
      text(ctx, Content.ACCEPTED).onComplete(written -> vertx.executeBlocking(this::run, false));
    }

    private boolean run() {
      setup.tasks().run();
      return true;
    }
  }
}
