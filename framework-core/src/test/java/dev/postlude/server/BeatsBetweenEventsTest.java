package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.EventStream;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.Requests;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What shows that a client is still there goes out between two events. A client that has ended its
 * side is asked often, which spares these tests the fifteen seconds.
 */
class BeatsBetweenEventsTest {
  private static final String BEAT = "3\r\n:\n\n\r\n";

  /** More than the kernel takes for a client that does not read. */
  private static final String LARGE = "x".repeat(8 * 1024 * 1024);

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Server server =
      Loopback.serve(
          App.of(
              routes -> {
                routes.get("/large", request -> Response.events(this::large));
                routes.get("/none", request -> Response.events(events -> never.await()));
                routes.get("/filling", request -> Response.events(this::filling));
              }),
          options -> options.eventLoops(1));

  private void large(EventStream events) throws Exception {
    begun.countDown();
    events.send(LARGE);
  }

  /** An event that fills its pieces to the last byte. */
  private void filling(EventStream events) throws Exception {
    events.send("x".repeat(2 * 8 * 1024 - "data: \n\n".length()));
    never.await();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void readBeats(RawClient client, int count) throws Exception {
    for (int found = 0; found < count; ) {
      StringBuilder chunk = new StringBuilder(client.readText(1));
      while (!chunk.toString().endsWith("\n\n\r\n") && !chunk.toString().endsWith("\r\n\r\n")) {
        chunk.append(client.readText(1));
      }
      found += chunk.toString().endsWith(BEAT) ? 1 : 0;
    }
  }

  @Test
  void anEventOfWhichAPartIsOnItsWayIsNotTornApart() throws Exception {
    try (RawClient slow = RawClient.withSmallBuffer(server);
        RawClient other = RawClient.to(server)) {
      slow.send(Requests.get("/large")).finish();
      begun.await();
      other.send(Requests.get("/none")).finish();
      readBeats(other, 4); // of the same loop, which has looked at both each time

      String received = slow.readAll();

      String event = received.substring(received.indexOf("data: "), received.lastIndexOf('x'));
      assertThat(event.indexOf(":\n\n")).isEqualTo(-1); // before it and behind it there may be
      assertThat(event.chars().filter(c -> c == 'x').count()).isEqualTo(LARGE.length() - 1);
    }
  }

  @Test
  void behindAnEventThatFillsItsPiecesThereAreBeats() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(Requests.get("/filling")).finish();

      readBeats(client, 2);
    }
  }
}
