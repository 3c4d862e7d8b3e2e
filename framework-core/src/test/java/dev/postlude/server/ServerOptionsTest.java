package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {
  private static final ServerOptions DEFAULTS = ServerOptions.onPort(8080);

  @Test
  void theDefaultsAreThoseThatAreWrittenDown() {
    assertThat(DEFAULTS.port()).isEqualTo(8080);
    assertThat(DEFAULTS.host()).isEqualTo("0.0.0.0");
    assertThat(DEFAULTS.maxRequestLine()).isEqualTo(8 * 1024);
    assertThat(DEFAULTS.maxHead()).isEqualTo(16 * 1024);
    assertThat(DEFAULTS.maxHeaderCount()).isEqualTo(100);
    assertThat(DEFAULTS.maxBody()).isEqualTo(1024 * 1024);
    assertThat(DEFAULTS.headTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(DEFAULTS.bodyTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(DEFAULTS.minBodyRate()).isEqualTo(1024);
    assertThat(DEFAULTS.http1()).isEqualTo(Http1Options.defaults());
    assertThat(DEFAULTS.http2()).isEqualTo(Http2Options.defaults());
    assertThat(DEFAULTS.idleTimeout()).isEqualTo(Duration.ofSeconds(75));
    assertThat(DEFAULTS.writeTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(DEFAULTS.maxConnections()).isEqualTo(10_000);
    assertThat(DEFAULTS.requestDrain()).isEqualTo(Duration.ofSeconds(10));
    assertThat(DEFAULTS.taskDrain()).isEqualTo(Duration.ofSeconds(20));
    assertThat(DEFAULTS.stopOnSignal()).isTrue();
    assertThat(DEFAULTS.eventLoops()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(DEFAULTS.workerThreads()).isEqualTo(200);
  }

  @Test
  void everyChangeIsACopy() {
    ServerOptions changed =
        DEFAULTS.port(0).host("127.0.0.1").maxBody(7).headTimeout(Duration.ofMillis(1));

    assertThat(changed.port()).isZero();
    assertThat(changed.maxBody()).isEqualTo(7);
    assertThat(DEFAULTS.port()).isEqualTo(8080);
    assertThat(DEFAULTS.maxBody()).isEqualTo(1024 * 1024);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE})
  void aPortThatIsNoneIsRefused(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerOptions.onPort(port))
        .withMessage("a port is between 0 (any free one) and 65535, not " + port);
  }

  private static Arguments refused(UnaryOperator<ServerOptions> change, String sentence) {
    return Arguments.of(change, sentence);
  }

  static Stream<Arguments> refusals() {
    Duration none = Duration.ZERO;
    Duration negative = Duration.ofMillis(-1);
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    return Stream.of(
        refused(o -> o.maxRequestLine(0), "maxRequestLine is 1 or more, not 0"),
        refused(o -> o.maxHead(-1), "maxHead is 1 or more, not -1"),
        refused(o -> o.maxHeaderCount(0), "maxHeaderCount is 1 or more, not 0"),
        refused(o -> o.maxBody(-1), "maxBody is between 0 bytes and 2 GiB, not -1"),
        refused(o -> o.maxBody(1L << 31), "maxBody is between 0 bytes and 2 GiB, not 2147483648"),
        refused(o -> o.maxConnections(0), "maxConnections is 1 or more, not 0"),
        refused(o -> o.eventLoops(0), "eventLoops is 1 or more, not 0"),
        refused(o -> o.workerThreads(0), "workerThreads is 1 or more, not 0"),
        refused(o -> o.headTimeout(none), "headTimeout is longer than nothing, not PT0S"),
        refused(o -> o.bodyTimeout(none), "bodyTimeout is longer than nothing, not PT0S"),
        refused(o -> o.minBodyRate(-1), "minBodyRate is zero or more, not -1"),
        refused(o -> o.idleTimeout(negative), "idleTimeout is longer than nothing, not PT-0.001S"),
        refused(o -> o.writeTimeout(none), "writeTimeout is longer than nothing, not PT0S"),
        refused(o -> o.requestDrain(negative), "requestDrain is zero or longer, not PT-0.001S"),
        refused(o -> o.taskDrain(negative), "taskDrain is zero or longer, not PT-0.001S"),
        refused(o -> o.idleTimeout(endless), "idleTimeout is a year at most, not " + endless),
        refused(o -> o.taskDrain(endless), "taskDrain is a year at most, not " + endless));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void refusals(UnaryOperator<ServerOptions> change, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change.apply(DEFAULTS))
        .withMessage(sentence);
  }
}
