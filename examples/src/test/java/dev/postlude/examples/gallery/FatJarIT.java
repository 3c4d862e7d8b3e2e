package dev.postlude.examples.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The one jar that is handed out, started as people start it. Runs after it has been packed. */
@Timeout(60)
class FatJarIT {
  private static final Pattern ADDRESS = Pattern.compile("https?://127\\.0\\.0\\.1:\\d+");

  /** Where the processes leave what the next run shall not find. */
  @TempDir static Path temporary = Path.of("target");

  /** A process with the jar. */
  private static final class Program implements AutoCloseable {
    final Process process;
    final BufferedReader said;
    final List<String> lines = new ArrayList<>();

    Program(String... arguments) throws IOException {
      this(Map.of(), arguments);
    }

    Program(Map<String, String> environment, String... arguments) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Djava.io.tmpdir=" + temporary);
      command.addAll(List.of("-jar", System.getProperty("fat.jar")));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      process = builder.start();
      // What waits for a line that never comes is not interrupted by JUnit's time limit.
      CompletableFuture.delayedExecutor(50, TimeUnit.SECONDS).execute(process::destroyForcibly);
      said = process.inputReader(UTF_8);
    }

    /** Reads on to the next line with these words in it. */
    String line(String words) throws IOException {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        lines.add(line);
        if (line.contains(words)) {
          return line;
        }
      }
      throw new AssertionError("it does not say " + words + ", but " + lines);
    }

    /** Reads on to the next line with an address in it. */
    String address() throws IOException {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        lines.add(line);
        Matcher address = ADDRESS.matcher(line);
        if (address.find()) {
          return address.group();
        }
      }
      throw new AssertionError("it names no address, but says " + lines);
    }

    /** Sends SIGTERM, and unlike Process.destroy() leaves what it says readable. */
    void terminate() {
      process.toHandle().destroy();
    }

    /** Reads on to the end. */
    List<String> rest() throws IOException {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        lines.add(line);
      }
      return lines;
    }

    int exit() throws InterruptedException {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  private static HttpResponse<String> get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String address, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  void theGalleryOpensAndRunsAnExample() throws Exception {
    try (Program program = new Program("--port", "0")) {
      String address = program.address();
      assertThat(get(address + "/").body()).contains("<h1>Postlude</h1>");
      assertThat(get(address + "/gallery/gallery.js").statusCode()).isEqualTo(200);
      assertThat(get(address + "/sources/Signup.java").body()).contains("class Signup");
      assertThat(get(address + "/examples/static-site/").body()).contains("A static site");

      String mail = "{\"to\":\"ada@example.org\",\"subject\":\"hello\"}";
      assertThat(post(address + "/examples/send-mail/mails", mail).statusCode()).isEqualTo(202);
      program.terminate(); // while the mail is being sent
      List<String> said = program.rest();
      assertThat(program.exit()).isZero();
      assertThat(said).anyMatch(line -> line.endsWith("mail sent to ada@example.org"));
    }
  }

  @Test
  void anExampleRunsAloneAndReportsWhatSigtermCutOff() throws Exception {
    try (Program program = new Program("graceful-shutdown", "--port", "0")) {
      String address = program.address();
      assertThat(post(address + "/work?seconds=1", "").statusCode()).isEqualTo(202);
      assertThat(post(address + "/work?seconds=600", "").statusCode()).isEqualTo(202);
      program.terminate();

      List<String> said = program.rest();
      assertThat(program.exit()).isZero();
      assertThat(said)
          .anyMatch(line -> line.endsWith("work of 1 seconds is done"))
          .anyMatch(line -> line.contains("work-of-600-seconds"));
    }
  }

  @Test
  void aPictureSentToOneProcessIsMadeSmallByAnother(@TempDir Path folder) throws Exception {
    Map<String, String> shared = Map.of("PICTURES", folder.toString());
    try (Program web = new Program(shared, "image-pipeline", "--port", "0");
        Program worker = new Program(shared, "image-pipeline", "--worker")) {
      String address = web.address();
      String boundary = "--x\r\nContent-Disposition: form-data; name=picture; filename=a\r\n\r\n";
      HttpRequest upload =
          HttpRequest.newBuilder(URI.create(address + "/pictures"))
              .header("Content-Type", "multipart/form-data; boundary=x")
              .POST(
                  BodyPublishers.concat(
                      BodyPublishers.ofString(boundary),
                      BodyPublishers.ofByteArray(SamplePicture.png()),
                      BodyPublishers.ofString("\r\n--x--\r\n")))
              .build();
      String task =
          HttpClient.newHttpClient()
              .send(upload, BodyHandlers.discarding())
              .headers()
              .firstValue("Location")
              .orElseThrow();

      assertThat(worker.line("200 pixels")).contains(task.replace("/tasks/", ""));
      worker.terminate(); // while it is at the last picture
      worker.rest();
      assertThat(worker.exit()).as("a clean stop").isZero();
      assertThat(get(address + task + "/result").body()).contains("-200.png");
    }
  }

  @Test
  void whatIsToBeStartedBesideAnExampleIsSaid() throws Exception {
    Map<String, String> nowhere = Map.of("REDIS_URL", "redis://127.0.0.1:1/0");
    try (Program program = new Program(nowhere, "celery-forecast", "--port", "0")) {
      assertThat(program.line("Nobody listens")).contains("127.0.0.1:1. Start redis-server there");
      assertThat(program.address()).isNotEmpty(); // where tasks.py is
      assertThat(program.lines.get(program.lines.size() - 1)).contains("celery -A tasks worker");
      String address = program.address();
      HttpResponse<String> accepted =
          post(address + "/forecasts", "{\"sales\":[1,2,3],\"weeks\":1}");
      assertThat(accepted.statusCode()).isEqualTo(202);
    }
  }

  @Test
  void aWorkerIsRefusedWhereThereIsNone() throws Exception {
    try (Program program = new Program("signup", "--worker")) {
      assertThat(program.line("--worker stands behind one of"))
          .contains("durable-mail, image-pipeline");
      program.rest();
      assertThat(program.exit()).isEqualTo(2);
    }
  }

  @Test
  void aNameThatThereIsNotIsRefusedWithTheNamesThatThereAre() throws Exception {
    try (Program program = new Program("no-such-example")) {
      List<String> said = program.rest();
      assertThat(program.exit()).isEqualTo(2);
      assertThat(said)
          .contains("there is no example no-such-example")
          .anyMatch(line -> line.contains("signup, counter, "));
    }
  }
}
