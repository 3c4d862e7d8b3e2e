package dev.postlude.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainHeadTest {
  private static final int ROUNDS = Math.max(200_000, Integer.getInteger("postlude.fuzz", 0));
  private static final long SEED = Long.getLong("postlude.fuzz.seed", 1);
  private static final ServerOptions OPTIONS =
      ServerOptions.onPort(0).maxRequestLine(200).maxHead(400).maxHeaderCount(8);

  private final PlainHead plain = new PlainHead();

  private @Nullable RequestHead read(String bytes) {
    return plain.read(Unpooled.copiedBuffer(bytes, ISO_8859_1), OPTIONS, true, null);
  }

  /** What Netty's parser and the checks behind it make of the same bytes. */
  private static RequestHead byNetty(String bytes, ServerOptions options) {
    EmbeddedChannel channel =
        new EmbeddedChannel(new HttpRequestDecoder(RequestDecoder.limits(options)));
    try {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
      return RequestHead.of(channel.<HttpRequest>readInbound(), options);
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static void assertSame(RequestHead head, RequestHead expected) {
    assertThat(head)
        .usingRecursiveComparison()
        .ignoringFields("plain", "headers")
        .isEqualTo(expected);
    assertThat(head.headers()).isEqualTo(expected.headers());
  }

  @Test
  void aBrowsersRequestIsPlain() {
    RequestHead head =
        read(
            "GET /a/b?c=d HTTP/1.1\r\nHost: example.org:8080\r\nConnection: keep-alive\r\n"
                + "Accept:\ttext/html, */*;q=0.8 \r\nX-Empty:\r\n\r\n");

    assertThat(head)
        .isEqualTo(
            new RequestHead(
                Method.GET,
                "/a/b?c=d",
                "/a/b",
                Headers.of(
                    "Host",
                    "example.org:8080",
                    "Connection",
                    "keep-alive",
                    "Accept",
                    "text/html, */*;q=0.8",
                    "X-Empty",
                    ""),
                false,
                true,
                -1,
                true));
  }

  @Test
  void aWholeBodyStaysInTheBytes() {
    ByteBuf in =
        Unpooled.copiedBuffer(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET", ISO_8859_1);

    RequestHead head = plain.read(in, OPTIONS, true, null);

    assertThat(head).isNotNull();
    assertThat(head.contentLength()).isEqualTo(2);
    assertThat(in.toString(ISO_8859_1)).isEqualTo("hiGET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "get / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PURGE / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n d\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB\u0000: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB: c\u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB: c\rd\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB: \u007f\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB: \u00e4\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUPGRADE: h2c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: identity\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\nhi",
        "GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\nH:\r\n\r\n",
      })
  void isLeftToNetty(String bytes) {
    ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);

    assertThat(plain.read(in, OPTIONS, true, null)).isNull();
    assertThat(in.toString(ISO_8859_1)).isEqualTo(bytes);
  }

  @Test
  void aBodyWhereNoneIsAllowedIsLeftToNetty() {
    ByteBuf in =
        Unpooled.copiedBuffer(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", ISO_8859_1);

    assertThat(plain.read(in, OPTIONS, false, null)).isNull();
  }

  @Test
  void whatIsTooLongIsLeftToNetty() {
    String tooLong = "GET /" + "a".repeat(200) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    String tooLarge = "GET / HTTP/1.1\r\nHost: a\r\nB: " + "c".repeat(400) + "\r\n\r\n";

    assertThat(read(tooLong)).isNull();
    assertThat(read(tooLarge)).isNull();
  }

  @Test
  void aHeadBeyondTheFirstLookIsPlainToo() {
    String fields =
        "abcdefgh"
            .chars()
            .mapToObj(c -> "X-" + (char) c + ": " + "v".repeat(500) + "\r\n")
            .collect(Collectors.joining());
    String bytes = "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    ServerOptions options = ServerOptions.onPort(0);

    RequestHead head = plain.read(Unpooled.copiedBuffer(bytes, ISO_8859_1), options, true, null);

    assertThat(head).isNotNull();
    assertSame(head, byNetty(bytes, options));
  }

  private FieldLines known() {
    read("GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n");
    return plain.fields();
  }

  private @Nullable RequestHead read(String bytes, FieldLines known) {
    return plain.read(Unpooled.copiedBuffer(bytes, ISO_8859_1), OPTIONS, true, known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a?b=c", "/%e4"})
  void fieldsThatAreTheSameAreNotReadAgain(String target) {
    FieldLines known = known();
    String bytes = "DELETE " + target + " HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n";

    RequestHead head = read(bytes, known);

    assertThat(head).isNotNull();
    assertThat(head.headers()).isSameAs(known.headers());
    assertThat(plain.fields()).isSameAs(known);
    assertSame(head, byNetty(bytes, OPTIONS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: a\r\n",
        "Host: a\r\nB: c\r\nD: e\r\n",
        "Host: a\r\nB: cc\r\n",
        "Host: a\r\nB: d\r\n",
        "Host: a\r\nb: c\r\n",
        "Host: a\r\nB:c\r\n",
        "B: c\r\nHost: a\r\n",
        "Host: a\r\nB: c\r\nConnection: close\r\n",
        "Host: a\r\nB: c\r\nContent-Length: 0\r\n",
      })
  void fieldsThatDifferByAnythingAreRead(String fields) {
    FieldLines known = known();
    String bytes = "GET / HTTP/1.1\r\n" + fields + "\r\n";

    RequestHead head = read(bytes, known);

    assertThat(head).isNotNull();
    assertThat(head.headers()).isNotSameAs(known.headers());
    assertSame(head, byNetty(bytes, OPTIONS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: a\r\nB: c\r\n",
        "Host: a\r\nB: c\r\n\r",
        "Host: a\r\nB: c\r\n\n",
        "Host: a\r\nB: c\r\n d\r\n\r\n",
        "Host: a\r\nB: c\r\nExpect: 100-continue\r\n\r\n",
      })
  void whatOnlyBeginsWithKnownFieldsIsLeftToNetty(String fields) {
    assertThat(read("GET / HTTP/1.1\r\n" + fields, known())).isNull();
  }

  @Test
  void aBodyThatKnownFieldsAnnounceHasToBeThere() {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
    read(head + "hi");
    FieldLines known = plain.fields();

    assertThat(read(head + "h", known)).isNull();
    assertThat(plain.read(Unpooled.copiedBuffer(head + "ho", ISO_8859_1), OPTIONS, false, known))
        .isNull();
    RequestHead again = read(head + "ho", known);

    assertThat(again).isNotNull();
    assertThat(again.contentLength()).isEqualTo(2);
    assertThat(again.keepAlive()).isFalse();
  }

  @Test
  void knownFieldsBehindALongRequestLineAreKnown() {
    String target = "/" + "a".repeat(150);
    FieldLines known = known();

    RequestHead head = read("GET " + target + " HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n", known);

    assertThat(head).isNotNull();
    assertThat(head.target()).isEqualTo(target);
    assertThat(head.headers()).isSameAs(known.headers());
  }

  /** What is taken for plain is what Netty's parser would have made of it, to the last byte. */
  @Test
  void whatIsPlainIsWhatNettyReads() {
    Random random = new Random(SEED);
    int taken = 0;
    int knownBefore = 0;
    FieldLines known = null;
    String request = request(random);
    for (int i = 0; i < ROUNDS; i++) {
      request = random.nextBoolean() ? request : request(random);
      String bytes = spoilt(request, random);
      ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
      RequestHead head = plain.read(in, OPTIONS, true, known);
      if (head == null) {
        assertThat(in.readerIndex()).isZero();
        continue;
      }
      taken++;
      knownBefore += known != null && plain.fields().text() == known.text() ? 1 : 0;
      known = plain.fields();
      try {
        assertSame(head, byNetty(bytes, OPTIONS));
        String rest = in.toString(ISO_8859_1);
        String before = bytes.substring(0, bytes.length() - rest.length());
        assertThat(before).endsWith("\r\n\r\n");
        assertThat(before.indexOf("\r\n\r\n")).isEqualTo(before.length() - 4);
        for (String asking : List.of("Upgrade", "Expect", "Transfer-Encoding", "HTTP2-Settings")) {
          assertThat(head.headers().contains(asking)).isFalse();
        }
      } catch (Throwable difference) {
        throw new AssertionError(
            "round " + i + " of seed " + SEED + ": " + escaped(bytes), difference);
      }
    }
    assertThat(taken).isGreaterThan(ROUNDS / 10);
    assertThat(knownBefore).isGreaterThan(ROUNDS / 50);
  }

  private static String escaped(String bytes) {
    return bytes.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
  }

  private static final String[] METHODS = {
    "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "G"
  };
  private static final String[] TARGETS = {
    "/", "/a", "/a?b=%20", "/a%", "//a", "/a/../b;c=d", "*", "http://a/"
  };
  private static final String[] VERSIONS = {"1.1", "1.1", "1.1", "1.1", "1.1", "1.1", "1.0", "2.0"};
  private static final String[] NAMES = {
    "Accept",
    "Content-Length",
    "Connection",
    "Host",
    "Upgrade",
    "Expect",
    "Transfer-Encoding",
    "HTTP2-Settings",
    "X",
    "User-Agent",
    "Trailer",
    "cookie",
    "TE",
    "Content-Lengt",
    "Uhr"
  };
  private static final String[] VALUES = {
    "0",
    "2",
    "00",
    "close",
    "Keep-Alive",
    "chunked",
    "a",
    "a:80",
    "a:",
    "",
    " a b ",
    "\ta",
    "Upgrade"
  };

  private static String request(Random random) {
    StringBuilder text = new StringBuilder(pick(METHODS, random));
    text.append(' ').append(pick(TARGETS, random));
    text.append(" HTTP/").append(pick(VERSIONS, random)).append("\r\n");
    int fields = random.nextInt(4);
    int hostAt = random.nextInt(fields + 1);
    for (int i = 0; i <= fields; i++) {
      if (i == hostAt) {
        text.append("Host: a.b\r\n");
      } else {
        text.append(pick(NAMES, random)).append(':');
        text.append(random.nextBoolean() ? " " : "").append(pick(VALUES, random)).append("\r\n");
      }
    }
    return text.append("\r\nhi").toString();
  }

  /** With a few bytes changed, doubled or taken out, or as it was. */
  private static String spoilt(String request, Random random) {
    StringBuilder text = new StringBuilder(request);
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.insert(at, pick(new String[] {"\r", "\n", " ", "\t", "\0", ":"}, random));
        case 2 -> text.deleteCharAt(at);
        default -> text.insert(at, text.charAt(at));
      }
    }
    return text.toString();
  }

  private static String pick(String[] from, Random random) {
    return from[random.nextInt(from.length)];
  }
}
