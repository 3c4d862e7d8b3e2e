package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * All cases of <a href="https://github.com/summerwind/h2spec">h2spec</a> 2.2.0, by its own program.
 *
 * <p>There is one for x86-64 only; elsewhere the test is skipped with a word, which the CI script
 * counts as a failure.
 */
class H2specTest {
  private static final int CASES = 145;

  /**
   * What may fail: each is refused, and by the lesser error. Netty forgets a stream when it is
   * closed, so that it cannot tell a closed one from one that was never opened; a stream error
   * harms a client less that meant neither.
   */
  private static final Map<String, String> EXPLAINED =
      Map.of(
          "http2/5.1 half closed (remote): Sends a HEADERS frame",
          "a stream that has been answered is closed: refused as such, or as too many heads",
          "http2/5.1 closed: Sends a HEADERS frame",
          "RST_STREAM with STREAM_CLOSED instead of GOAWAY",
          "http2/5.1.1 Sends stream identifier that is numerically smaller than previous",
          "RST_STREAM with STREAM_CLOSED instead of GOAWAY");

  @TempDir private Path folder;

  @Test
  void everyCasePassesOrIsExplained() throws Exception {
    Path program = unpacked();
    Path report = folder.resolve("report.xml");
    String said;
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> Response.text("hello"));
              routes.post("/", request -> Response.text(request.text()));
            });
    try (LogLines quiet = LogLines.of("dev.postlude");
        Server server = Loopback.serve(app)) {
      said = run(program, server.port(), report);
      assertThat(quiet.all()).doesNotContain("WARNING", "SEVERE");
    }

    Map<String, String> failed = new TreeMap<>();
    assertThat(failuresOf(report, failed)).as(said).isEqualTo(CASES);
    assertThat(EXPLAINED.keySet()).as("%s%n%s", failed, said).containsAll(failed.keySet());
  }

  private Path unpacked() throws Exception {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch");
    String name = system.startsWith("mac") ? "darwin" : system;
    InputStream archive =
        H2specTest.class.getResourceAsStream("/h2spec/2.2.0/h2spec_" + name + "_amd64.tar.gz");
    if (archive == null || !List.of("amd64", "x86_64").contains(machine)) {
      Assumptions.abort("H2SPEC WAS NOT RUN: there is no program for " + name + " " + machine);
    }
    Path packed = folder.resolve("h2spec.tar.gz");
    try (archive) {
      Files.copy(archive, packed);
    }
    Process tar =
        new ProcessBuilder("tar", "-xzf", packed.toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    return folder.resolve("h2spec");
  }

  private String run(Path program, int port, Path report) throws Exception {
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--host=127.0.0.1",
                "--port=" + port,
                "--timeout=3",
                "--junit-report=" + report)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended within two minutes").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** Collects the cases that failed, by section and description; returns how many were run. */
  private static int failuresOf(Path report, Map<String, String> failed) throws Exception {
    Document document =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(report.toFile());
    NodeList cases = document.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element each = (Element) cases.item(i);
      for (String bad : List.of("failure", "error", "skipped")) {
        if (each.getElementsByTagName(bad).getLength() > 0) {
          failed.put(
              each.getAttribute("package") + " " + each.getAttribute("classname"),
              each.getTextContent());
        }
      }
    }
    return cases.getLength();
  }
}
