package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketHandshakeTest {
  private static final WebSocketListener SILENT = new WebSocketListener() {};

  /** The handshake of RFC 6455 section 1.2. */
  private static Request asked() {
    return Request.get("/chat")
        .header("Host", "server.example.com")
        .header("Upgrade", "websocket")
        .header("Connection", "Upgrade")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Origin", "http://server.example.com")
        .header("Sec-WebSocket-Protocol", "chat, superchat")
        .header("Sec-WebSocket-Version", "13");
  }

  private static HttpException refusal(Request request) {
    return refusal(request, WebSocketOptions.defaults());
  }

  private static HttpException refusal(Request request, WebSocketOptions options) {
    return catchThrowableOfType(HttpException.class, () -> WebSocketHandshake.of(request, options));
  }

  @Test
  void answersTheExampleOfTheStandard() {
    WebSocketOptions options = WebSocketOptions.defaults().subprotocols("chat");
    Response response = Response.webSocket(WebSocketHandshake.of(asked(), options), SILENT);

    assertThat(response.status()).isEqualTo(101);
    assertThat(response.headers().toString())
        .isEqualTo(
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\nSec-WebSocket-Protocol: chat\n");
  }

  @Test
  void readsListsAsListsAndNamesWithoutRegardToCase() {
    Request request =
        asked().header("Connection", "keep-alive, upgrade").header("Upgrade", "h2c, WebSocket");
    assertThat(WebSocketHandshake.of(request).subprotocol()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Upgrade, h2c", "Connection, keep-alive"})
  void asksAPlainRequestToUpgrade(String name, String value) {
    assertThat(refusal(asked().header(name, value)).status()).isEqualTo(426);
  }

  @Test
  void takesNoOtherMethodThanGet() {
    Request post = Request.of(Method.POST, "/chat");
    assertThat(refusal(copy(post)).status()).isEqualTo(426);
    assertThat(refusal(copy(Request.of(Method.HEAD, "/chat"))).status()).isEqualTo(426);
  }

  private static Request copy(Request to) {
    Headers headers = asked().headers();
    Request copy = to;
    for (int i = 0; i < headers.size(); i++) {
      copy = copy.header(headers.name(i), headers.value(i));
    }
    return copy;
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "14", "", "13, 8"})
  void namesTheVersionThatItSpeaks(String version) {
    HttpException refusal = refusal(asked().header("Sec-WebSocket-Version", version));
    assertThat(refusal.status()).isEqualTo(426);
    assertThat(refusal.headers().find("Sec-WebSocket-Version")).contains("13");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhlIHNhbXBsZSBub25jZ?==",
        "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="
      })
  void refusesAMalformedKey(String key) {
    assertThat(refusal(asked().header("Sec-WebSocket-Key", key)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,,b", "a, a", "a b", ",", ""})
  void refusesAMalformedListOfSubprotocols(String list) {
    assertThat(refusal(asked().header("Sec-WebSocket-Protocol", list)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"Content-Length, 5", "Transfer-Encoding, chunked"})
  void refusesABody(String name, String value) {
    assertThat(refusal(asked().header(name, value)).status()).isEqualTo(400);
  }

  @Test
  void takesTheServersBestSubprotocolThatTheClientOffers() {
    WebSocketOptions options = WebSocketOptions.defaults().subprotocols("v3", "superchat", "chat");
    assertThat(WebSocketHandshake.of(asked(), options).subprotocol()).contains("superchat");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example.com",
        "null",
        "server.example.com",
        "http://server.example.com:81"
      })
  void refusesPagesOfOtherSites(String origin) {
    assertThat(refusal(asked().header("Origin", origin)).status()).isEqualTo(403);
  }

  @Test
  void takesPagesOfSitesThatItIsToldOf() {
    WebSocketOptions options = WebSocketOptions.defaults().origins("https://app.example.com");
    Request app = asked().header("Origin", "https://APP.example.com");
    Request evil = asked().header("Origin", "https://evil.example.com");

    assertThat(refusal(app, options)).isNull();
    assertThat(refusal(evil, options).status()).isEqualTo(403);
    assertThat(refusal(asked(), options)).isNull();
    assertThat(refusal(evil, options.anyOrigin())).isNull();
  }

  @Test
  void optionsRefuseWhatCannotBe() {
    WebSocketOptions options = WebSocketOptions.defaults();
    assertThatThrownBy(() -> options.subprotocols("a b")).hasMessageContaining("token");
    assertThatThrownBy(() -> options.maxMessage(0)).hasMessageContaining("maxMessage");
    assertThatThrownBy(() -> options.pingInterval(java.time.Duration.ofSeconds(-1)))
        .hasMessageContaining("pingInterval");
    assertThatThrownBy(() -> options.origins("example.com")).hasMessageContaining("https://");
  }

  @Test
  void aWebSocketHasNoOtherContent() {
    Response response = Response.webSocket(WebSocketHandshake.of(asked()), SILENT);
    assertThatThrownBy(() -> response.body(Body.EMPTY)).hasMessageContaining("WebSocket");
    assertThatThrownBy(() -> Response.text("").body(response.body()))
        .hasMessageContaining("WebSocket");
    assertThat(response.status(403).body()).isSameAs(Body.EMPTY);
    assertThat(response.header("X-A", "b").body()).isInstanceOf(Body.WebSocket.class);
  }
}
