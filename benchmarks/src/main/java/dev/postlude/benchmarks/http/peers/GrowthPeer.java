package dev.postlude.benchmarks.http.peers;

import dev.postlude.App;
import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.ResponseStream;
import dev.postlude.routing.Routes;
import dev.postlude.server.ServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Ours with as many routes as its mode says, and with bodies of any size either way. */
public final class GrowthPeer implements Peer {
  private static final int PIECE = 16 * 1024;
  private static final long MAX_BODY = 1L << 40;
  private static final int MAX_CONNECTIONS = 1_000_000;
  private static final Duration PATIENCE = Duration.ofHours(1);

  @Override
  public void start(Setup setup) {
    int areas = Integer.parseInt(setup.mode());
    App.of(routes -> write(routes, areas))
        .with(
            ServerOptions.onPort(setup.port())
                .host(Setup.HOST)
                .eventLoops(setup.loops())
                .maxConnections(MAX_CONNECTIONS)
                .idleTimeout(PATIENCE))
        .start();
  }

  private static void write(Routes routes, int areas) {
    routes.get("/plaintext", request -> Response.text(Content.TEXT));
    for (int i = 0; i < areas; i++) {
      routes.get("/area" + i + "/items/{id}", request -> Response.text(request.param("id")));
    }
    routes.get(
        "/bytes/{count}",
        request -> {
          long count = request.params().asLong("count");
          return Response.stream("application/octet-stream", out -> send(count, out));
        });
    routes.post("/bytes", GrowthPeer::count).streaming().maxBody(MAX_BODY);
  }

  private static void send(long count, ResponseStream out) throws IOException {
    byte[] piece = new byte[PIECE];
    for (long left = count; left > 0; left -= piece.length) {
      out.write(piece, 0, (int) Math.min(left, piece.length));
    }
  }

  private static Response count(Request request) throws IOException {
    byte[] piece = new byte[PIECE];
    long count = 0;
    try (InputStream in = request.stream()) {
      for (int some; (some = in.read(piece)) >= 0; ) {
        count += some;
      }
    }
    return Response.text(Long.toString(count));
  }
}
