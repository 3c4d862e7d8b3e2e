package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Headers;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection knows the fields of its last request, for a while. */
class FieldLinesTest {
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final String SAME = "GET / HTTP/1.1\r\nHost: a\r\nX-Who: me\r\n\r\n";
  private static final String OTHER = "GET / HTTP/1.1\r\nHost: a\r\nX-Who: it\r\n\r\n";

  private final List<Headers> seen = Collections.synchronizedList(new ArrayList<>());
  private Server server;

  @BeforeEach
  void start() {
    App app =
        App.of(
            routes ->
                routes
                    .get(
                        "/",
                        request -> {
                          seen.add(request.headers());
                          return Response.text(request.header("X-Who").orElse("nobody"));
                        })
                    .onEventLoop());
    server = Loopback.serve(app);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String ask(RawClient client, String... requests) throws IOException {
    client.send(String.join("", requests));
    StringBuilder bodies = new StringBuilder();
    for (String ignored : requests) {
      bodies.append(client.read().text());
    }
    return bodies.toString();
  }

  @Test
  void whatIsSentAgainIsKnownAndWhatIsNotIsRead() throws IOException {
    try (RawClient client = RawClient.to(server)) {
      assertThat(ask(client, SAME, SAME, OTHER, OTHER, SAME)).isEqualTo("memeititme");
    }

    assertThat(seen.get(1)).isSameAs(seen.get(0));
    assertThat(seen.get(3)).isSameAs(seen.get(2)).isNotEqualTo(seen.get(1));
    assertThat(seen.get(4)).isNotSameAs(seen.get(0)).isEqualTo(seen.get(0));
  }

  @Test
  void whatComesInPiecesIsReadAsEver() throws IOException {
    try (RawClient client = RawClient.to(server)) {
      ask(client, SAME);
      for (int cut = 1; cut < SAME.length(); cut++) {
        client.send(SAME.substring(0, cut));
        client.send(SAME.substring(cut));
        assertThat(client.read().text()).isEqualTo("me");
      }
    }

    assertThat(seen).allMatch(seen.get(0)::equals);
  }

  /** One connection's fields are no other's: nobody can find out by trying what they are. */
  @Test
  void anotherConnectionKnowsNothing() throws IOException {
    try (RawClient one = RawClient.to(server);
        RawClient other = RawClient.to(server)) {
      ask(one, SAME);
      ask(other, SAME);
    }

    assertThat(seen.get(1)).isNotSameAs(seen.get(0)).isEqualTo(seen.get(0));
  }

  @SuppressWarnings("ReferenceEquality") // which is what is asked
  private static boolean isTheSame(Headers one, Headers other) {
    return one == other;
  }

  @Test
  void aConnectionThatIsIdleForgets() throws IOException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    try (RawClient client = RawClient.to(server)) {
      ask(client, SAME);
      while (isTheSame(seen.get(0), seen.get(seen.size() - 1)) && System.nanoTime() < until) {
        ask(client, SAME);
      }
    }

    assertThat(seen.get(seen.size() - 1)).isNotSameAs(seen.get(0)).isEqualTo(seen.get(0));
  }
}
