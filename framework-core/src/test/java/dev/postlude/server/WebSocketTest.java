package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.routing.Routes;
import dev.postlude.wire.Echo;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.Talk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages of WebSockets as applications see them, the JDK's client on the other side. */
class WebSocketTest {
  private Server server;

  private void serve(Routes.Body<RuntimeException> routes) {
    server = Loopback.serve(routes);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void echoesTextAndBinary() throws Exception {
    serve(routes -> routes.webSocket("/echo", request -> new Echo()));
    Talk.Open talk = Talk.open(server, "/echo");

    talk.send("grüß dich \ud83d\ude00");
    assertThat(talk.next()).isEqualTo("text grüß dich \ud83d\ude00");
    talk.send("");
    assertThat(talk.next()).isEqualTo("text ");
    talk.send(new byte[] {'a', 'b'});
    assertThat(talk.next()).isEqualTo("binary ab");
    talk.send(new byte[0]);
    assertThat(talk.next()).isEqualTo("binary ");
  }

  @Test
  void putsTheFragmentsOfAMessageTogether() throws Exception {
    serve(routes -> routes.webSocket("/echo", request -> new Echo()));
    Talk.Open talk = Talk.open(server, "/echo");

    talk.socket().sendText("one, ", false).get(10, TimeUnit.SECONDS);
    talk.socket().sendText("two, ", false).get(10, TimeUnit.SECONDS);
    talk.socket().sendText("", false).get(10, TimeUnit.SECONDS);
    talk.send("three");
    assertThat(talk.next()).isEqualTo("text one, two, three");
  }

  @Test
  void takesAndSendsLargeMessages() throws Exception {
    serve(routes -> routes.webSocket("/echo", request -> new Echo()));
    Talk.Open talk = Talk.open(server, "/echo");

    String text = "0123456789\u20ac".repeat(70_000); // 13 bytes each, across frame boundaries
    talk.send(text);
    assertThat(talk.next()).isEqualTo("text " + text);
    byte[] bytes = new byte[1024 * 1024];
    bytes[bytes.length - 1] = 'x';
    talk.send(bytes);
    assertThat(talk.next()).hasSize("binary ".length() + bytes.length).endsWith("x");
  }

  @Test
  void answersPings() throws Exception {
    serve(routes -> routes.webSocket("/", request -> new Listening()));
    Talk.Open talk = Talk.open(server, "/");

    talk.socket().sendPing(ByteBuffer.wrap("hey".getBytes(StandardCharsets.UTF_8)));
    assertThat(talk.next()).isEqualTo("pong hey");
  }

  @Test
  void tellsOfTheAnswerToItsPing() throws Exception {
    Listening listening = new Listening();
    serve(routes -> routes.webSocket("/", request -> listening));
    Talk.Open talk = Talk.open(server, "/");

    listening.socket().ping(new byte[125]);
    assertThat(talk.next()).startsWith("ping ");
    assertThat(listening.next()).isEqualTo("open");
    assertThat(listening.next()).isEqualTo("pong 125");
    assertThatThrownBy(() -> listening.socket().ping(new byte[126]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("125");
  }
}
