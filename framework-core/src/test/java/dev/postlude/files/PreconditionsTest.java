package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Arrival;
import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Trail;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of RFC 9110 section 13.2.2, and what each condition compares. */
class PreconditionsTest {
  private static final String ETAG = "\"v1\"";
  private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
  private static final String THEN = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
  private static final Instant MODIFIED = Instant.parse("1994-11-06T08:49:37Z");

  /** Fields separated by {@code ;}, dates by their names. */
  private static Request request(Method method, String fields) {
    Headers headers = Headers.empty();
    for (String field : fields.isEmpty() ? new String[0] : fields.split(";", -1)) {
      int colon = field.indexOf(':');
      String value =
          field
              .substring(colon + 1)
              .strip()
              .replace("BEFORE", BEFORE)
              .replace("THEN", THEN)
              .replace("AFTER", AFTER);
      headers = headers.and(field.substring(0, colon).strip(), value);
    }
    Request request = Request.of(method, "/");
    for (int i = 0; i < headers.size(); i++) {
      request = with(request, headers.name(i), headers.value(i));
    }
    return request;
  }

  /** Requests made by hand have a field once: what stands twice comes as from the network. */
  private static Request with(Request request, String name, String value) {
    return Request.received(
        request.method(),
        request.target(),
        request.path(),
        request.headers().and(name, value),
        new byte[0],
        new Arrival(request.remote(), false, 0, new Trail(), null),
        "",
        request.params());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                             | HOLD",
        // If-Match: strong comparison
        "If-Match: \"v1\"                               | HOLD",
        "If-Match: *                                    | HOLD",
        "If-Match: \"v0\", \"v1\"                       | HOLD",
        "If-Match: \"v0\"; If-Match: \"v1\"             | HOLD",
        "If-Match: \"v0\"                               | FAIL",
        "If-Match: W/\"v1\"                             | FAIL",
        "If-Match: v1                                   | FAIL",
        "If-Match: \"v1                                 | FAIL",
        "If-Match:                                      | FAIL",
        // a tag may hold a comma and a star is none in quotes
        "If-Match: \"a,\"v1\"                           | FAIL",
        "If-Match: \"*\"                                | FAIL",
        // If-Unmodified-Since
        "If-Unmodified-Since: THEN                      | HOLD",
        "If-Unmodified-Since: AFTER                     | HOLD",
        "If-Unmodified-Since: BEFORE                    | FAIL",
        "If-Unmodified-Since: whenever                  | HOLD",
        "If-Unmodified-Since: BEFORE; If-Unmodified-Since: BEFORE | HOLD",
        // ... which If-Match stands in for
        "If-Match: \"v1\"; If-Unmodified-Since: BEFORE  | HOLD",
        "If-Match: \"v0\"; If-Unmodified-Since: AFTER   | FAIL",
        // If-None-Match: weak comparison
        "If-None-Match: \"v1\"                          | NOT_MODIFIED",
        "If-None-Match: W/\"v1\"                        | NOT_MODIFIED",
        "If-None-Match: *                               | NOT_MODIFIED",
        "If-None-Match: \"v0\",W/\"v1\"                 | NOT_MODIFIED",
        "If-None-Match: , \"v0\" ,, \"v1\"              | NOT_MODIFIED",
        "If-None-Match: \"v0\"; If-None-Match: \"v1\"   | NOT_MODIFIED",
        "If-None-Match: nonsense, \"v1\"                | NOT_MODIFIED",
        "If-None-Match: \"v0\"                          | HOLD",
        "If-None-Match: v1                              | HOLD",
        "If-None-Match: w/\"v1\"                        | HOLD",
        "If-None-Match: \"a, \"v1\"                     | HOLD",
        // If-Modified-Since
        "If-Modified-Since: THEN                        | NOT_MODIFIED",
        "If-Modified-Since: AFTER                       | NOT_MODIFIED",
        "If-Modified-Since: BEFORE                      | HOLD",
        "If-Modified-Since: whenever                    | HOLD",
        "If-Modified-Since: THEN; If-Modified-Since: THEN | HOLD",
        // ... which If-None-Match stands in for
        "If-None-Match: \"v0\"; If-Modified-Since: AFTER  | HOLD",
        "If-None-Match: \"v1\"; If-Modified-Since: BEFORE | NOT_MODIFIED",
        // the first pair goes before the second
        "If-Match: \"v0\"; If-None-Match: \"v1\"        | FAIL",
        "If-Match: \"v1\"; If-None-Match: \"v1\"        | NOT_MODIFIED",
        "If-Unmodified-Since: BEFORE; If-None-Match: \"v1\" | FAIL",
        "If-Unmodified-Since: THEN; If-Modified-Since: THEN | NOT_MODIFIED",
      })
  void conditionsAreEvaluatedInTheirOrder(String fields, Preconditions outcome) {
    assertThat(Preconditions.of(request(Method.GET, fields), ETAG, MODIFIED)).isEqualTo(outcome);
    assertThat(Preconditions.of(request(Method.HEAD, fields), ETAG, MODIFIED)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match: \"v1\"    | FAIL",
        "If-None-Match: *         | FAIL",
        "If-None-Match: \"v0\"    | HOLD",
        "If-Modified-Since: THEN  | HOLD",
        "If-Match: \"v0\"         | FAIL",
      })
  void aRequestThatDoesNotReadIsNeverNotModified(String fields, Preconditions outcome) {
    assertThat(Preconditions.of(request(Method.POST, fields), ETAG, MODIFIED)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "If-Modified-Since: AFTER",
    "If-Unmodified-Since: BEFORE",
  })
  void aDateSaysNothingOfContentWithoutOne(String fields) {
    assertThat(Preconditions.of(request(Method.GET, fields), ETAG, null))
        .isEqualTo(Preconditions.HOLD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                    | true",
        "If-Range: \"v1\"      | true",
        "If-Range: W/\"v1\"    | false",
        "If-Range: \"v0\"      | false",
        "If-Range: v1          | false",
        "If-Range: *           | false",
        "If-Range: THEN        | true",
        "If-Range: AFTER       | false",
        "If-Range: BEFORE      | false",
        "If-Range: \"v1\"; If-Range: \"v1\" | false",
      })
  void aRangeIsOfUseWithExactlyTheSameContent(String fields, boolean ofUse) {
    assertThat(Preconditions.rangeIsOfUse(request(Method.GET, fields), ETAG, MODIFIED))
        .isEqualTo(ofUse);
  }

  @Test
  void aDateIsOfNoUseForARangeOfContentWithoutOne() {
    assertThat(Preconditions.rangeIsOfUse(request(Method.GET, "If-Range: THEN"), ETAG, null))
        .isFalse();
  }
}
