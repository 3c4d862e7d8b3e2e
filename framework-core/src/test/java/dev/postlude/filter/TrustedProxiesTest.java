package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Arrival;
import dev.postlude.http.Handler;
import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.http.Params;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.Trail;
import dev.postlude.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES = TrustedProxies.of("10.0.0.0/8", "2001:db8::/32");
  private static final Handler SEEN =
      request ->
          Response.text(
              (request.secure() ? "https " : "http ")
                  + request.header("Host").orElse("-")
                  + " "
                  + request.remote().getAddress().getHostAddress()
                  + " "
                  + request.remote().getPort());

  /** A request from an address, with fields separated by {@code ##}. */
  private static Request from(String peer, String fields) throws Exception {
    List<String> headers = new ArrayList<>(List.of("Host", "inner"));
    for (String field : fields.split("##", -1)) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        headers.add(field.substring(0, colon).strip());
        headers.add(field.substring(colon + 1).strip());
      }
    }
    InetSocketAddress remote = new InetSocketAddress(InetAddress.getByName(peer), 4711);
    return Request.received(
        Method.GET,
        "/",
        "/",
        Headers.of(headers.toArray(String[]::new)),
        new byte[0],
        new Arrival(remote, false, 0, new Trail(), null),
        "",
        Params.ofPath());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          # somebody, and nobody's proxy
          192.0.2.1   | X-Forwarded-For: 198.51.100.7                    | http inner 192.0.2.1 4711
          192.0.2.1   | X-Forwarded-Proto: https ## X-Forwarded-Host: a  | http inner 192.0.2.1 4711
          11.0.0.1    | X-Forwarded-For: 198.51.100.7                    | http inner 11.0.0.1 4711
          # a proxy, and what it says
          10.0.0.1    | X-Forwarded-For: 198.51.100.7                    | http inner 198.51.100.7 0
          10.0.0.1    |                                                  | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: 198.51.100.7:555                | http inner 198.51.100.7 555
          10.0.0.1    | X-Forwarded-For: 2001:db9::7                     | http inner 2001:db9:0:0:0:0:0:7 0
          10.0.0.1    | X-Forwarded-For: [2001:db9::7]:555               | http inner 2001:db9:0:0:0:0:0:7 555
          2001:db8::1 | X-Forwarded-For: 198.51.100.7                    | http inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-Proto: https                         | https inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-Proto: HTTPS                         | https inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-Proto: gopher                        | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-Host: shop.example:8443              | http shop.example:8443 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-Host: [2001:db8::5]                  | http [2001:db8::5] 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-Host: a/b                            | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-Host: user@evil                      | http inner 10.0.0.1 4711
          10.0.0.1    | x-forwarded-for: 198.51.100.7 ## X-Forwarded-Proto: https ## X-Forwarded-Host: a | https a 198.51.100.7 0
          # a chain, from the right
          10.0.0.1    | X-Forwarded-For: 198.51.100.7, 10.0.0.2          | http inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-For: 1.1.1.1, 198.51.100.7, 10.0.0.2 | http inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-For: 1.1.1.1, 198.51.100.7           | http inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-For: 10.0.0.3, 10.0.0.2              | http inner 10.0.0.3 0
          10.0.0.1    | X-Forwarded-For: 1.1.1.1 ## X-Forwarded-For: 198.51.100.7 | http inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-For: 1.1.1.1, 198.51.100.7 ## X-Forwarded-Proto: https, http  | http inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-For: 198.51.100.7, 10.0.0.2 ## X-Forwarded-Proto: https, http | https inner 198.51.100.7 0
          10.0.0.1    | X-Forwarded-For: 198.51.100.7, 10.0.0.2 ## X-Forwarded-Proto: https       | https inner 198.51.100.7 0
          # what is no address ends the walk
          10.0.0.1    | X-Forwarded-For: unknown                         | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: 198.51.100.7, unknown, 10.0.0.2 | http inner 10.0.0.2 0
          10.0.0.1    | X-Forwarded-For: localhost                       | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: 198.51.100                      | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: 198.51.100.07                   | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: 198.51.100.7:99999              | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: fe80::1%eth0                    | http inner 10.0.0.1 4711
          10.0.0.1    | X-Forwarded-For: ,                               | http inner 10.0.0.1 4711
          # the standard's field is not read unless that is said
          10.0.0.1    | Forwarded: for=198.51.100.7;proto=https          | http inner 10.0.0.1 4711
          """)
  void whatProxiesSayIsBelievedAndNoMore(String peer, String fields, String seen) throws Exception {
    Request request = from(peer, fields == null ? "" : fields);

    assertThat(text(answer(PROXIES, request, SEEN))).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          192.0.2.1 | for=198.51.100.7                                         | http inner 192.0.2.1 4711
          10.0.0.1  | for=198.51.100.7                                         | http inner 198.51.100.7 0
          10.0.0.1  | For="198.51.100.7:555" ; Proto=https;HOST=a              | https a 198.51.100.7 555
          10.0.0.1  | for="[2001:db9::7]:555";by=10.0.0.1                      | http inner 2001:db9:0:0:0:0:0:7 555
          10.0.0.1  | for=1.1.1.1;proto=https, for=198.51.100.7;proto=http     | http inner 198.51.100.7 0
          10.0.0.1  | for=198.51.100.7;proto=https, for=10.0.0.2;proto=http    | https inner 198.51.100.7 0
          10.0.0.1  | for=1.1.1.1 ## Forwarded: for=198.51.100.7               | http inner 198.51.100.7 0
          10.0.0.1  | for=_hidden;proto=https                                  | https inner 10.0.0.1 4711
          10.0.0.1  | for=unknown, for=10.0.0.2                                | http inner 10.0.0.2 0
          10.0.0.1  | proto=https                                              | https inner 10.0.0.1 4711
          10.0.0.1  | nonsense                                                 | http inner 10.0.0.1 4711
          10.0.0.1  | =                                                        | http inner 10.0.0.1 4711
          10.0.0.1  | for=198.51.100.7;by="a;proto=https;b=c"                  | http inner 198.51.100.7 0
          # a quote that the client left open
          10.0.0.1  | for="x, for=198.51.100.7                                 | http inner 198.51.100.7 0
          10.0.0.1  | for="x, for="[2001:db9::7]"                              | http inner 2001:db9:0:0:0:0:0:7 0
          10.0.0.1  | for="x, for="[2001:db8::2]", for=198.51.100.7            | http inner 198.51.100.7 0
          10.0.0.1  | for="198.51.100.7, for=10.0.0.2"                         | http inner 10.0.0.1 4711
          """)
  void theStandardsFieldIsReadWhereThatIsSaid(String peer, String field, String seen)
      throws Exception {
    Request request = from(peer, "X-Forwarded-For: 9.9.9.9 ## Forwarded: " + field);

    assertThat(text(answer(PROXIES.forwarded(), request, SEEN))).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.255.255,true",
    "10.0.0.0/8,11.0.0.0,false",
    "192.168.4.0/22,192.168.7.255,true",
    "192.168.4.0/22,192.168.8.0,false",
    "127.0.0.1,127.0.0.1,true",
    "127.0.0.1,127.0.0.2,false",
    "127.0.0.1/32,127.0.0.1,true",
    "128.0.0.0/1,255.1.1.1,true",
    "::1,::1,true",
    "::1,127.0.0.1,false",
    "32.1.13.184,2001:db8::1,false",
    "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
    "::ffff:10.0.0.1,10.0.0.1,true"
  })
  void aBlockHoldsTheAddressesWithItsPrefix(String block, String address, boolean inside)
      throws Exception {
    assertThat(Cidr.of(block).contains(InetAddress.getByName(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost", "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0/8",
        "0.0.0.0/0", "::/0", "10.0.0.1/8", "2001:db8::1/32", "::1/129", "256.0.0.1", "1.2.3.4.5",
        "1.2.3.4.", "1", "fe80::1%lo", "*"
      })
  void whatIsNoBlockIsRefused(String block) {
    assertThatThrownBy(() -> TrustedProxies.of(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + block + "'");
  }

  @Test
  void nobodyIsRefusedToo() {
    assertThatThrownBy(TrustedProxies::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name the addresses of your proxies");
  }

  @Test
  void aRequestMadeByHandComesFromNoProxy() throws Exception {
    Request request = Request.get("/").header("X-Forwarded-Proto", "https");

    assertThat(text(answer(PROXIES, request, r -> Response.text("" + r.secure()))))
        .isEqualTo("false");
  }

  @Test
  void theWireMakesNoDifference() throws Exception {
    App app =
        App.of(
            routes -> {
              routes.filter(TrustedProxies.of("127.0.0.1", "::1"));
              routes.get("/", SEEN);
            });
    try (Server server = app.start(0)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
              .header("X-Forwarded-For", "198.51.100.7")
              .header("X-Forwarded-Proto", "https")
              .header("X-Forwarded-Host", "shop.example")
              .timeout(Duration.ofSeconds(10))
              .build();

      assertThat(
              HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("https shop.example 198.51.100.7 0");
    }
  }
}
