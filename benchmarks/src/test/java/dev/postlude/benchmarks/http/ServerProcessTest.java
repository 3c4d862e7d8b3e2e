package dev.postlude.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With the profile {@code benchmarks} for all peers, without it for those that need no more
 * libraries.
 */
class ServerProcessTest {
  private static final Jdk JDK = Jdk.at(Path.of(System.getProperty("java.home")));

  static Stream<Candidate> candidates() {
    return Candidate.ALL.stream()
        .filter(candidate -> candidate.isThere() && candidate.release() <= JDK.release());
  }

  @ParameterizedTest
  @MethodSource("candidates")
  void everyPeerAnswersEveryRowAsItShould(Candidate candidate, @TempDir Path directory)
      throws IOException, InterruptedException {
    try (var server = ServerProcess.start(candidate, JDK, List.of(), directory.resolve("log"))) {
      for (Row row : Row.values()) {
        Answers.ask(server.port(), row);
      }
      server.awaitTasks();

      assertThat(server.tasks()).isEqualTo(new ServerProcess.Tasks(1, 1));
      assertThat(server.heapBytes()).isPositive();
      assertThat(server.cpu()).isPositive();
    }
  }
}
