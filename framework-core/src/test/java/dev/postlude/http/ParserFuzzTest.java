package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.fuzz.Mutator;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spoilt input to what reads the pieces of a request: each gives a value or refuses with a status
 * that is the client's fault, and nothing else.
 *
 * <p>Seeded, and not Jazzer: in an ordinary test run that one replays its corpus only, and to do so
 * it loads an agent and a native library into the JVM of all tests. {@code -Dpostlude.fuzz=1000000}
 * and {@code -Dpostlude.fuzz.seed} as for the fuzzer of the wire.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES) // for as many as may be asked for
class ParserFuzzTest {
  private static final long INPUTS = Long.getLong("postlude.fuzz", 5_000);
  private static final long SEED = Long.getLong("postlude.fuzz.seed", 20_261_121);
  private static final Set<Integer> CLIENTS_FAULT = Set.of(400, 413, 415, 422, 431);

  record Order(String item, int count, List<String> notes) {}

  /** Reads one input; throws {@link HttpException} or {@link IllegalArgumentException}. */
  interface Parser {
    void read(String input) throws Exception;
  }

  static Stream<Arguments> parsers() {
    return Stream.of(
        parser("decodePath", "a%20b%C3%A9+/c", PercentEncoding::decodePath),
        parser("decodeForm", "a=b+c%26&d=%C3%A9", PercentEncoding::decodeForm),
        parser("query", "a=b+c%26&d=%C3%A9&&=&e", in -> request("/?" + in).query().get("a")),
        parser("cookie", "a=b; c=\"d e\"; __Host-e=; f", in -> with("Cookie", in).cookies()),
        parser(
            "accept",
            "text/html;q=0.5, application/*, */*;q=0.1;x=\"a,b\"",
            in -> Accept.of(Headers.of("Accept", in), "Accept").quality("text/html")),
        parser(
            "parameters",
            "form-data; name=\"a\\\"b\"; filename*=UTF-8''%e2%82%ac",
            in -> FieldParameters.parse(in)),
        parser(
            "media type", "application/problem+json; charset=\"utf-8\"", ParserFuzzTest::mediaType),
        parser("boundary", "multipart/form-data; boundary=\"x y\"", Multipart::boundary),
        parser("date", "Sat, 21 Nov 2026 10:00:00 GMT", HttpDates::parse),
        parser("multipart", PARTS, ParserFuzzTest::multipart),
        parser(
            "json",
            "{\"item\":\"a\\u00e9\",\"count\":3,\"notes\":[\"x\",null]}",
            ParserFuzzTest::json));
  }

  private static final String PARTS =
      "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n"
          + "--x\r\nContent-Disposition: form-data; name=\"b\"; filename=\"f\"\r\n"
          + "Content-Type: text/plain\r\n\r\nfile\r\n--x--\r\n";

  private static Arguments parser(String name, String good, Parser parser) {
    return Arguments.of(name, good, parser);
  }

  private static Request request(String target) {
    return Request.of(Method.GET, target);
  }

  private static Request with(String name, String value) {
    return request("/").header(name, value);
  }

  private static void mediaType(String input) {
    MediaType.is(input, "text/plain");
    MediaType.isJson(input);
    MediaType.charset(input, StandardCharsets.UTF_8);
  }

  private static void multipart(String input) throws Exception {
    byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
    Multipart.parse(new ByteArrayInputStream(bytes), "x", MultipartOptions.defaults()).discard();
  }

  private static void json(String input) {
    Json.read(input.getBytes(StandardCharsets.ISO_8859_1), Order.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parsers")
  void givesAValueOrRefuses(String name, String good, Parser parser) {
    Mutator mutator = new Mutator(SEED);
    for (long i = 0; i < INPUTS; i++) {
      String input = mutator.spoil(good);
      try {
        parser.read(input);
      } catch (HttpException refusal) {
        assertThat(CLIENTS_FAULT).as("%s: %s", input, refusal).contains(refusal.status());
      } catch (IllegalArgumentException notAField) {
        assertThat(input)
            .as("a field value holds what no decoder lets through")
            .matches("(?s).*[\\x00-\\x08\\x0a-\\x1f\\x7f].*");
      } catch (Exception e) {
        throw new AssertionError(name + ", input " + i + " of seed " + SEED + ": " + input, e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsEncodedIsDecodedAgain(String good) {
    Mutator mutator = new Mutator(SEED);
    for (long i = 0; i < INPUTS; i++) {
      String name = mutator.spoil(good).replace("\0", "");
      assertThat(PercentEncoding.decodePath(PercentEncoding.encodePath(name))).isEqualTo(name);
      String field = ContentDisposition.attachment(name);
      assertThat(field).matches("[ -~]*");
      assertThat(Headers.of("Content-Disposition", field).find("Content-Disposition"))
          .contains(field);
    }
  }

  static Stream<String> names() {
    return Stream.of("a b\u00e9.txt", "100%");
  }
}
