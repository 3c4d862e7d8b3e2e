package dev.postlude.benchmarks.http.peers.frameworks;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.jooby.Context;
import io.jooby.ExecutionMode;
import io.jooby.Jooby;
import io.jooby.MediaType;
import io.jooby.ServerOptions;
import io.jooby.netty.NettyServer;
import java.util.concurrent.ExecutorService;

/**
 * Jooby on Netty: mode {@code loop} calls handlers on the event loop, mode {@code worker} on its
 * pool.
 */
public final class JoobyPeer implements Peer {
  @Override
  public void start(Setup setup) {
    ExecutionMode mode =
        setup.mode().equals("loop") ? ExecutionMode.EVENT_LOOP : ExecutionMode.WORKER;
    ServerOptions options = new ServerOptions();
    options.setHost(Setup.HOST);
    options.setPort(setup.port());
    options.setIoThreads(setup.loops());
    ExecutorService threads = setup.taskThreads();
    Jooby.runApp(
        new String[0],
        new NettyServer().setOptions(options),
        mode,
        app -> {
          app.get("/plaintext", ctx -> text(ctx, Content.TEXT));
          app.get("/json", ctx -> json(ctx, Content.messageJson()));
          for (int i = 0; i < Content.AREAS; i++) {
            app.get("/area" + i + "/items/{id}", ctx -> text(ctx, ctx.path("id").value()));
          }
          app.post("/echo", ctx -> json(ctx, Content.orderJson(Content.order(ctx.body().bytes()))));
          app.get(
              "/task",
              ctx -> {
                setup.tasks().ask();
                ctx.onComplete(done -> threads.execute(() -> setup.tasks().run()));
                return text(ctx, Content.ACCEPTED);
              });
        });
  }

  private static Context text(Context ctx, String text) {
    return ctx.setResponseType(MediaType.text).send(text);
  }

  private static Context json(Context ctx, byte[] json) {
    return ctx.setResponseType(MediaType.json).send(json);
  }
}
