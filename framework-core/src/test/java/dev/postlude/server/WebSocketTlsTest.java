package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.WebSocket;
import dev.postlude.wire.Listening;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.SelfSigned;
import dev.postlude.wire.Talk;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebSocketTlsTest {
  private final Listening listening =
      new Listening() {
        @Override
        public void text(WebSocket socket, String text) throws Exception {
          socket.send(text + (socket.request().secure() ? " in secret" : ""));
        }
      };

  private static SelfSigned self;
  private static HttpClient client;

  private Server server;

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    self = SelfSigned.in(directory);
    client = HttpClient.newBuilder().sslContext(self.client()).build();
  }

  @BeforeEach
  void serve() {
    App app = App.of(routes -> routes.webSocket("/", request -> listening));
    server = Loopback.serve(app, options -> options.tls(self.certificate(), self.key()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Talk.Open open() throws Exception {
    Talk.Open talk =
        Talk.open(client, URI.create("wss://localhost:" + server.port() + "/"), each -> each);
    assertThat(listening.next()).isEqualTo("open");
    return talk;
  }

  @Test
  void talksAndCloses() throws Exception {
    Talk.Open talk = open();
    talk.send("hello");
    assertThat(talk.next()).isEqualTo("text hello in secret");
    String large = "x".repeat(500_000);
    talk.send(large);
    assertThat(talk.next()).isEqualTo("text " + large + " in secret");
    talk.socket().sendClose(1000, "");
    assertThat(talk.next()).isEqualTo("closed 1000");
    assertThat(listening.next()).isEqualTo("closed 1000");
  }

  @Test
  void isToldOfALostConnection() throws Exception {
    open().socket().abort();
    assertThat(listening.next()).isEqualTo("closed 1006");
  }

  @Test
  void saysWhatTheClientDidWrong() throws Exception {
    Talk.Open talk = open();
    // Not waited for: the client may be told before all of it has been sent, and stop.
    talk.socket().sendBinary(ByteBuffer.wrap(new byte[1024 * 1024 + 1]), true);
    assertThat(talk.next()).isEqualTo("closed 1009 a message is larger than 1048576 bytes");
    assertThat(listening.next()).isEqualTo("failed ProtocolException");
  }
}
