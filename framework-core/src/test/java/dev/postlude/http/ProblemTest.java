package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  private static final Problem PROBLEM = Problem.of(422, "two fields are wrong");

  private static String document(Response response) {
    return new String(((Body.Bytes) response.body()).array(), StandardCharsets.UTF_8);
  }

  @Test
  void furtherMembersStandBehindThoseOfEveryProblem() {
    Problem more =
        PROBLEM
            .with("type", "https://example.org/wrong")
            .with("errors", List.of(Map.of("field", "name")))
            .with("once", 1)
            .with("once", null);

    assertThat(document(Response.problem(more)))
        .isEqualTo(
            "{\"title\":\"Unprocessable Content\",\"status\":422,"
                + "\"detail\":\"two fields are wrong\","
                + "\"type\":\"https://example.org/wrong\",\"errors\":[{\"field\":\"name\"}]}");
    assertThat(PROBLEM.others()).as("the original").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "title", "detail"})
  void whatHasAPlaceIsNotSaidTwice(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PROBLEM.with(name, "x"))
        .withMessageStartingWith("a problem has its " + name + " already");
  }

  @Test
  void anExceptionMayCarryThemToo() {
    HttpException error =
        new HttpException(PROBLEM.with("errors", List.of("name"))).header("X-Hint", "yes");

    Response response = Response.problem(error);
    assertThat(response.status()).isEqualTo(422);
    assertThat(response.headers().find("X-Hint")).hasValue("yes");
    assertThat(document(response)).endsWith("\"errors\":[\"name\"]}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpException(Problem.of(200, "")))
        .withMessage("an HttpException has a status from 400 to 599, not 200");
  }
}
