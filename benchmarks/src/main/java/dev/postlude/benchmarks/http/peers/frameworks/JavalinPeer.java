package dev.postlude.benchmarks.http.peers.frameworks;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.javalin.Javalin;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.util.concurrent.ExecutorService;

/**
 * Javalin on Jetty, with its default pool. It has nothing to hang work on that comes after the
 * write; the task is submitted by the handler, and often runs before.
 */
public final class JavalinPeer implements Peer {
  @Override
  public void start(Setup setup) {
    ExecutorService threads = setup.taskThreads();
    Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.routes.get("/plaintext", ctx -> text(ctx, Content.TEXT));
              config.routes.get("/json", ctx -> json(ctx, Content.messageJson()));
              for (int i = 0; i < Content.AREAS; i++) {
                config.routes.get(
                    "/area" + i + "/items/{id}", ctx -> text(ctx, ctx.pathParam("id")));
              }
              config.routes.post(
                  "/echo", ctx -> json(ctx, Content.orderJson(Content.order(ctx.bodyAsBytes()))));
              config.routes.get(
                  "/task",
                  ctx -> {
                    setup.tasks().ask();
                    threads.execute(() -> setup.tasks().run());
                    text(ctx, Content.ACCEPTED);
                  });
            })
        .start(Setup.HOST, setup.port());
  }

  private static void text(Context ctx, String text) {
    ctx.contentType(ContentType.TEXT_PLAIN).result(text);
  }

  private static void json(Context ctx, byte[] json) {
    ctx.contentType(ContentType.APPLICATION_JSON).result(json);
  }
}
