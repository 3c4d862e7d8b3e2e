package dev.postlude;

import dev.postlude.http.Arrival;
import dev.postlude.http.Body;
import dev.postlude.http.Method;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.Trail;
import dev.postlude.wire.Reply;
import dev.postlude.wire.Wire;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The app called as what it is: a handler. */
class AppInMemoryTest extends AppContract {
  private static final InetSocketAddress CLIENT = InetSocketAddress.createUnresolved("client", 1);

  @Override
  Wire open(App app) {
    return (method, target, headers, body) -> {
      Request request =
          Request.received(
              method,
              target,
              Request.pathOf(target),
              headers,
              body,
              new Arrival(CLIENT, false, 0, new Trail(), null),
              "",
              Params.ofPath());
      Response response = app.handle(request);
      while (response.pending() != null) {
        response = response.pending().toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
      byte[] content = ((Body.Bytes) response.body()).array();
      return new Reply(
          response.status(),
          response.headers(),
          method.equals(Method.HEAD) ? new byte[0] : content);
    };
  }
}
