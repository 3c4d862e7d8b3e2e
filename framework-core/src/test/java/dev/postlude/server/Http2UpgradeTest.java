package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.Requests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way from HTTP/1.1 to HTTP/2 in clear text: RFC 7540 section 3.2. */
class Http2UpgradeTest {
  private static final App APP =
      App.of(routes -> routes.get("/", request -> Response.text("fine")));

  private final Server server =
      Loopback.serve(APP, options -> options.http2(Http2Options.defaults().upgrade(true)));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRequestMayAskForHttp2InClearText() throws Exception {
    RawClient client = RawClient.to(server);
    client.send(
        Requests.get(
            "/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: "));
    assertThat(client.readText(71))
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    try (RawHttp2 http2 = RawHttp2.open(client)) {
      assertThat(http2.reply(http2.nextStream()).text()).isEqualTo("fine"); // stream 1
      assertThat(http2.reply(http2.get("/")).text()).isEqualTo("fine");
    }
  }

  @Test
  void aClientThatAskedForHttp2BehindAnotherRequestAndEndsItsSideIsAnsweredAndLetGo()
      throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client
          .send(
              Requests.get("/")
                  + Requests.get(
                      "/",
                      "Upgrade: h2c",
                      "Connection: Upgrade, HTTP2-Settings",
                      "HTTP2-Settings: "))
          .finish();

      assertThat(client.read().text()).isEqualTo("fine");
      assertThat(client.readAll()).startsWith("HTTP/1.1 101 ").contains("fine");
    }
  }

  /** Otherwise its client could say whatever it likes about itself in what follows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 192.0.2.1",
        "x-forwarded-proto: https",
        "X-Forwarded-Host: a",
        "Forwarded: for=192.0.2.1",
        "Via: 1.1 proxy"
      })
  void notThroughAProxyThatPassesOnWhatItDoesNotKnow(String mark) throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          Requests.get(
              "/",
              "Upgrade: h2c",
              "Connection: Upgrade, HTTP2-Settings",
              "HTTP2-Settings: ",
              mark));

      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void notUnlessTheOptionsSayYes() throws Exception {
    try (Server keeping = Loopback.serve(APP);
        RawClient client = RawClient.to(keeping);
        RawHttp2 prior = RawHttp2.to(keeping)) {
      client.send(
          Requests.get(
              "/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: "));

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(prior.reply(prior.get("/")).text()).isEqualTo("fine"); // who knows need not ask
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP2-Settings: !", "HTTP2-Settings: AAAA", "X: none"})
  void anUpgradeThatIsNotInOrderIsLeftAlone(String settings) throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          Requests.get("/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", settings));

      assertThat(client.read().text()).isEqualTo("fine");
    }
  }

  @Test
  void aRequestThatNamesNoHostIsNotUpgraded() throws Exception {
    try (RawClient client = RawClient.to(server)) {
      client.send(
          "GET / HTTP/1.1\r\nHost:\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
              + "HTTP2-Settings: \r\n\r\n");

      assertThat(client.read().text()).isEqualTo("fine");
    }
  }
}
