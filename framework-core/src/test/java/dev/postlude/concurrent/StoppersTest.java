package dev.postlude.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.wire.ChildProgram;
import org.junit.jupiter.api.Test;

/** What has to be stopped at SIGTERM and cannot be, in a process of its own. */
class StoppersTest {
  @Test
  void oneThatThrowsIsLoggedAndTheProcessEndsAllTheSame() throws Exception {
    try (ChildProgram program = ChildProgram.start(StubbornApp.class)) {
      program.await("ready"::equals);
      program.terminate();

      program.await(line -> line.contains("something could not be stopped"));
      program.await(line -> line.contains("IllegalStateException: stuck"));
      program.await("the other one stops"::equals);
      assertThat(program.awaitEnd(20)).isTrue();
      assertThat(program.exitValue()).isEqualTo(1);
    }
  }
}
