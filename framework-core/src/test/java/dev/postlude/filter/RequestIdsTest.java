package dev.postlude.filter;

import static dev.postlude.filter.InMemory.answer;
import static dev.postlude.filter.InMemory.header;
import static dev.postlude.filter.InMemory.later;
import static dev.postlude.filter.InMemory.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
  private static final Handler ECHO =
      request -> Response.text(request.id()).background("t", () -> {});

  @Test
  void theClientIsToldTheIdThatTheHandlerSees() throws Exception {
    Response made = answer(RequestIds.create(), Request.get("/"), ECHO);
    Response given =
        answer(RequestIds.create(), Request.get("/").header("X-Request-Id", "abc-1"), ECHO);

    assertThat(header(made, "X-Request-Id")).isNotEmpty().isEqualTo(InMemory.text(made));
    assertThat(header(given, "X-Request-Id")).isEqualTo("abc-1").isEqualTo(InMemory.text(given));
    assertThat(tasks(made)).containsExactly("t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "<script>", "a,b", ""})
  void anIdThatIsNoTokenIsNotRepeated(String id) throws Exception {
    Response response =
        answer(RequestIds.create(), Request.get("/").header("X-Request-Id", id), ECHO);

    assertThat(header(response, "X-Request-Id")).isNotEmpty().isNotEqualTo(id);
  }

  @Test
  void errorsAndAnswersToComeTellItToo() throws Exception {
    Request request = Request.get("/").header("X-Request-Id", "abc-1");
    Handler failing =
        r -> {
          throw new HttpException(409, "taken");
        };

    assertThat(header(answer(RequestIds.create(), request, failing), "X-Request-Id"))
        .isEqualTo("abc-1");
    assertThat(header(answer(RequestIds.create(), request, later(ECHO)), "X-Request-Id"))
        .isEqualTo("abc-1");
  }
}
