package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postlude.context.Key;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
  private static final Key<String> USER = Key.of("user");

  record Signup(String email) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a          | /a | ''",
        "/a?         | /a | ''",
        "/a?x=1      | /a | x=1",
        "/a?x?y      | /a | x?y",
        "/?          | /  | ''",
        "*           | *  | ''",
      })
  void aTargetIsAPathAndAQuery(String target, String path, String query) {
    Request request = Request.of(Method.OPTIONS, target);

    assertThat(request.target()).isEqualTo(target);
    assertThat(request.path()).isEqualTo(path);
    assertThat(request.rawQuery()).isEqualTo(query);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "http://a/", "?x"})
  void aTargetWithoutASlashIsRefused(String target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Request.get(target))
        .withMessageStartingWith("a request target starts with a slash: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html,application/xhtml+xml,*/*;q=0.8  | true", // a browser's visitor
        "text/*                                     | true",
        "*/*                                        | false", // fetch(), curl
        "''                                         | false",
        "application/json, text/html                | false",
        "application/json, text/html;q=0.9          | false",
        "text/html;q=0                              | false",
      })
  void aPageIsPreferredByThoseWhoSaySo(String accept, boolean preferred) {
    Request request = Request.get("/").header("Accept", accept);

    assertThat(request.prefers(MediaType.HTML, MediaType.JSON)).isEqualTo(preferred);
  }

  @Test
  void whoSaysNothingPrefersNothing() {
    assertThat(Request.get("/").prefers(MediaType.HTML, MediaType.JSON)).isFalse();
  }

  @Test
  void theQueryIsReadWhenItIsAskedFor() {
    Request request = Request.get("/?page=2&tag=a&tag=b&q=a+b%20c");

    assertThat(request.query("q")).contains("a b c");
    assertThat(request.query("none")).isEmpty();
    assertThat(request.query().asInt("page", 1)).isEqualTo(2);
    assertThat(request.query().all("tag")).containsExactly("a", "b");
    assertRefused(400, () -> Request.get("/?a=%zz").query());
  }

  @Test
  void aPathParameterThatTheRouteDoesNotHaveIsTheProgramsFault() {
    Request request = Request.get("/users/7").routed("/users/{id}", Params.ofPath("id", "7"));

    assertThat(request.param("id")).isEqualTo("7");
    assertThat(request.params().asInt("id")).isEqualTo(7);
    assertThat(request.route()).isEqualTo("/users/{id}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.param("name"))
        .withMessage("the route /users/{id} has no parameter {name}, only [id]");
  }

  @Test
  void aCopyIsChangedAndTheOriginalIsNot() {
    Request original = Request.post("/");
    Request copy =
        original.header("X", "1").body(new byte[] {'b'}).with(USER, "ann").header("x", "2");

    assertThat(copy.headers().all("X")).containsExactly("2");
    assertThat(copy.text()).isEqualTo("b");
    assertThat(copy.get(USER)).isEqualTo("ann");
    assertThat(original.headers().size()).isZero();
    assertThat(original.bytes()).isEmpty();
    assertThat(original.find(USER)).isEmpty();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> original.get(USER));
  }

  @Test
  void textIsReadInTheCharsetThatItWasSentIn() {
    Request request = Request.post("/").body("\u00e9".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(request.header("Content-Type", "text/plain; charset=iso-8859-1").text())
        .isEqualTo("\u00e9");
    assertThat(Request.post("/").body("\u20ac".getBytes(StandardCharsets.UTF_8)).text())
        .isEqualTo("\u20ac");
    assertRefused(415, () -> request.header("Content-Type", "text/plain; charset=x-y").text());
  }

  @Test
  void jsonIsReadFromJsonOnly() {
    Request json = Request.post("/").json(new Signup("a@b"));

    assertThat(json.header("Content-Type")).contains("application/json");
    assertThat(json.json(Signup.class)).isEqualTo(new Signup("a@b"));
    assertThat(json.header("Content-Type", "application/x+json").json(Signup.class)).isNotNull();
    assertThat(Request.post("/").body(json.bytes()).json(Signup.class)).isNotNull();
    assertThat(
            assertRefused(415, () -> json.header("Content-Type", "text/plain").json(Signup.class)))
        .isEqualTo("send the body with Content-Type: application/json, not 'text/plain'");
    assertThat(
            assertRefused(
                400, () -> json.body("null".getBytes(StandardCharsets.UTF_8)).json(Signup.class)))
        .isEqualTo("the JSON body is null");
    assertRefused(400, () -> json.body(new byte[0]).json(Signup.class));
  }

  @Test
  void aFormIsReadFromAFormOnly() {
    Request form =
        Request.post("/")
            .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
            .body("a=1&b=x+y%26".getBytes(StandardCharsets.US_ASCII));

    assertThat(form.form().asInt("a")).isEqualTo(1);
    assertThat(form.form().get("b")).isEqualTo("x y&");
    assertRefused(400, () -> form.form().get("c"));
    assertRefused(415, () -> form.header("Content-Type", "text/plain").form());
    assertRefused(415, () -> Request.post("/").form());
    assertRefused(400, () -> form.body(new byte[] {'%'}).form());
    byte[] raw = "name=J\u00fcrgen+\u20ac%20\u20ac".getBytes(StandardCharsets.UTF_8); // curl's -d
    assertThat(form.body(raw).form().get("name")).isEqualTo("J\u00fcrgen \u20ac \u20ac");
    assertRefused(400, () -> form.body(new byte[] {'a', '=', (byte) 0xfc}).form());
    assertRefused(400, () -> form.body(new byte[] {'a', '=', 0}).form());
  }

  @Test
  void aBodyInMemoryCanBeReadAsAStreamToo() throws Exception {
    Request request = Request.post("/").body(new byte[] {1, 2});

    try (InputStream first = request.stream();
        InputStream second = request.stream()) {
      assertThat(first).hasBinaryContent(new byte[] {1, 2});
      assertThat(second).hasBinaryContent(new byte[] {1, 2});
    }
  }

  @Test
  void aBodyThatIsStillComingInCannotBeReadAsIfItWereThere() {
    Request request = streaming(new byte[] {'x'});
    Request json = request.header("Content-Type", "application/json");

    List<ThrowingCallable> readings =
        List.of(request::bytes, request::text, () -> json.json(Signup.class), request::form);
    assertThat(readings)
        .allSatisfy(
            reading ->
                assertThatIllegalStateException()
                    .isThrownBy(reading)
                    .withMessageContaining("streaming: read request.stream(), once"));
    assertThat(request.stream()).hasBinaryContent(new byte[] {'x'});
  }

  private static Request streaming(byte[] body) {
    return Request.received(
        Method.POST,
        "/",
        "/",
        Headers.of("Content-Type", "application/x-www-form-urlencoded"),
        new byte[0],
        new Arrival(
            InetSocketAddress.createUnresolved("a", 1),
            true,
            0,
            new Trail(),
            new ByteArrayInputStream(body)),
        "/",
        Params.ofPath());
  }

  @Test
  void itTellsHowItCameIn() {
    Request request = streaming(new byte[0]);

    assertThat(request.secure()).isTrue();
    assertThat(request.receivedAt()).isEqualTo(Instant.EPOCH);
    assertThat(request.remote().getHostString()).isEqualTo("a");
    assertThat(request).hasToString("POST '/'");
  }

  @Test
  void aHookComesTooLateOnceTheResponseWasHandedOver() {
    Trail trail = new Trail();
    Request request =
        Request.received(
            Method.GET,
            "/",
            "/",
            Headers.empty(),
            new byte[0],
            new Arrival(InetSocketAddress.createUnresolved("a", 1), false, 0, trail, null),
            "/",
            Params.ofPath());
    request.onFinish(exchange -> {});

    assertThat(trail.end().isEmpty()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> request.with(USER, "ann").onFinish(exchange -> {}))
        .withMessage(
            "the response has been handed over: register onFinish before the handler returns");
    assertThat(new Trail().end()).isNull();
  }

  @Test
  void theTrailKnowsTheAttributesOfTheCopyMadeLast() {
    Trail trail = new Trail();
    Request request =
        Request.received(
            Method.GET,
            "/",
            "/",
            Headers.empty(),
            new byte[0],
            new Arrival(InetSocketAddress.createUnresolved("a", 1), false, 0, trail, null),
            "/",
            Params.ofPath());
    request.with(USER, "ann").header("X", "1").with(USER, "bob");

    assertThat(trail.attributes().get(USER)).isEqualTo("bob");
  }

  @Test
  void aRefusalTravelsWithItsCopies() {
    HttpException refusal = new HttpException(413, "");
    Request refused = Request.post("/").refused(refusal).header("X", "1").with(USER, "ann");

    assertThat(refused.refusal()).containsSame(refusal);
    assertThat(refused.routed("/", Params.ofPath()).refusal()).containsSame(refusal);
    assertThat(Request.post("/").refusal()).isEmpty();
  }

  private static String assertRefused(int status, ThrowingCallable call) {
    HttpException[] refusal = new HttpException[1];
    assertThatExceptionOfType(HttpException.class)
        .isThrownBy(call)
        .satisfies(thrown -> assertThat(thrown.status()).isEqualTo(status))
        .satisfies(thrown -> refusal[0] = thrown);
    return refusal[0].detail();
  }
}
