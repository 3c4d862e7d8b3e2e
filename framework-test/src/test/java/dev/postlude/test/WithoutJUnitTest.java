package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.http.Response;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WithoutJUnitTest {
  /** What somebody without JUnit does. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      List<String> done = new CopyOnWriteArrayList<>();
      App app =
          App.of(
              routes ->
                  routes.get(
                      "/",
                      request -> Response.text("hi").background("task", () -> done.add("done"))));
      try (TestClient client = TestClient.of(app)) {
        System.out.print(client.get("/").text() + " " + done + " " + client.getClass().getName());
      }
    }
  }

  @Test
  void theClientWorksWhereJUnitIsNotThere() throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(classPath().split(File.pathSeparator))
            .filter(entry -> !entry.contains("junit"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    if (Runtime.version().feature() >= 24) { // or it warns of Netty's native library
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath, Program.class.getName()));
    Process java =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(printed).isEqualTo("hi [done] " + TestClient.class.getName());
    assertThat(java.exitValue()).isZero();
  }

  /** Surefire hides it behind a jar that only names it. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
