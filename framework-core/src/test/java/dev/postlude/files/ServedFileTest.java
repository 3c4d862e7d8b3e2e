package dev.postlude.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.App;
import dev.postlude.http.Body;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedFileTest {
  @TempDir private Path folder;
  private Path report;

  @BeforeEach
  void write() throws Exception {
    report = Files.writeString(folder.resolve("report.csv"), "a,b\n1,2\n");
  }

  private static String header(Response response, String name) {
    return response.headers().find(name).orElse("none");
  }

  @Test
  void itIsAHandler() throws Exception {
    App app = App.of(routes -> routes.get("/report", ServedFile.of(report)));

    Response response = app.handle(Request.get("/report"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(new Body.File(report, 0, 8));
    assertThat(header(response, "Content-Type")).isEqualTo("text/csv; charset=utf-8");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(response, "Content-Disposition")).isEqualTo("none");
  }

  @Test
  void itSaysWhatItIsToldToSay() {
    Response response =
        ServedFile.of(report)
            .contentType("text/plain")
            .cacheControl("max-age=5")
            .attachment("\u00dcbersicht.csv")
            .handle(Request.get("/"));

    assertThat(header(response, "Content-Type")).isEqualTo("text/plain");
    assertThat(header(response, "Cache-Control")).isEqualTo("max-age=5");
    assertThat(header(response, "Content-Disposition"))
        .isEqualTo("attachment; filename=\"Ubersicht.csv\"; filename*=UTF-8''%C3%9Cbersicht.csv");
    assertThat(
            header(
                ServedFile.of(report).inline("a.csv").handle(Request.get("/")),
                "Content-Disposition"))
        .isEqualTo("inline; filename=\"a.csv\"");
  }

  @Test
  void whatCannotBeAHeaderIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServedFile.of(report).contentType("a\r\nb"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServedFile.of(report).cacheControl("a\r\nb"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Nothing         | here         | 200",
        "Range             | bytes=0-1    | 206",
        "Range             | bytes=0-1,4- | 206",
        "If-None-Match     | *            | 304",
        "If-Match          | \"other\"    | 412",
        "Range             | bytes=9-     | 416",
      })
  void whateverTheAnswerIsATaskCanHangOnIt(String name, String value, int status) {
    Response response =
        ServedFile.of(report)
            .handle(Request.get("/").header(name, value))
            .background("delete", () -> Files.delete(report));

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.tasks().list()).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsAnAnswerToo() {
    for (Path missing : new Path[] {folder.resolve("missing"), folder, report.resolve("x")}) {
      Response response = ServedFile.of(missing).handle(Request.get("/"));

      assertThat(response.status()).isEqualTo(404);
      assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
      assertThat(Bodies.text(response)).doesNotContain(folder.toString());
    }
  }

  @Test
  void anErrorIsTextForWhoWantsText() {
    Request request = Request.get("/").header("Accept", "text/plain").header("Range", "bytes=9-");

    Response response = ServedFile.of(report).handle(request);

    assertThat(header(response, "Content-Type")).startsWith("text/plain");
    assertThat(header(response, "Content-Range")).isEqualTo("bytes */8");
  }
}
