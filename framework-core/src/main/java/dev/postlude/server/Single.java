package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Response;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A request that goes by itself. On an {@code onEventLoop()} route it takes no hop, unless somebody
 * else completes a response that was still to come; on any other it is a {@link Batch} of one.
 */
final class Single implements Dispatcher.Recipient {
  private final Batch.Sender sender;
  private final Incoming request;

  private Single(Batch.Sender sender, Incoming request) {
    this.sender = sender;
    this.request = request;
  }

  /** Has a request handled where its route says. Called on the event loop; does not block. */
  static void depart(Batch.Sender sender, Incoming request, ServerContext server) {
    if (request.endpoint().onEventLoop()) {
      Thread.interrupted(); // nobody interrupts an event loop but the handler before this one
      server
          .dispatcher()
          .handle(
              request.endpoint(), request.request(), request.trail(), new Single(sender, request));
    } else {
      new Batch(sender, server, List.of(request)).depart();
    }
  }

  @Override
  public void answer(Response response, @Nullable Admission admission) {
    if (sender.eventLoop().inEventLoop()) {
      deliver(response, admission);
      return;
    }
    try {
      sender.eventLoop().execute(() -> deliver(response, admission));
    } catch (RejectedExecutionException e) {
      Afterwards.cutOff(admission, response.status(), 0, true);
    }
  }

  private void deliver(Response response, @Nullable Admission admission) {
    sender.answered(request, response, admission, false);
    sender.delivered();
  }
}
