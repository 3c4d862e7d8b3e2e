package dev.postlude.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void withoutArgumentsEverythingIsMeasuredFiveTimes() {
    Options options = Options.parse(new String[0]);

    assertThat(options.candidates()).isEqualTo(Candidate.ALL);
    assertThat(options.rows()).containsExactly(Row.values());
    assertThat(options.rounds()).isEqualTo(5);
  }

  @Test
  void theBaseIsAlwaysAmongThePeers() {
    Options options = Options.parse(new String[] {"--peers", "postlude", "--rows", "task,json"});

    assertThat(options.candidates())
        .extracting(Candidate::key)
        .containsExactly("netty", "postlude");
    assertThat(options.rows()).containsExactly(Row.TASK, Row.JSON);
  }

  @Test
  void whatIsUnknownIsRefusedWithWhatThereIs() {
    assertThatThrownBy(() -> Options.parse(new String[] {"--peers", "tomcat"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("tomcat", "undertow");
    assertThatThrownBy(() -> Options.parse(new String[] {"--rounds", "none"}))
        .hasMessageContainingAll("--rounds", "none");
    assertThatThrownBy(() -> Options.parse(new String[] {"--fast"})).hasMessageContaining("--fast");
  }
}
