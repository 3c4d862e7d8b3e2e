package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StartTest {
  private static final App APP = App.of(routes -> routes.get("/", r -> Response.text("fine")));

  @Test
  void itListensFromTheMomentItExists() throws Exception {
    try (LogLines log = LogLines.of("dev.postlude.server");
        Server server = Loopback.serve(APP);
        RawClient client = RawClient.to(server)) {
      assertThat(server.port()).isPositive();
      assertThat(server.uri()).hasToString("http://127.0.0.1:" + server.port());
      assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read().text()).isEqualTo("fine");
      assertThat(log.all()).contains("listening on 127.0.0.1:" + server.port());
    }
  }

  @Test
  void onAllInterfacesItIsLocalhost() {
    try (Server server = Loopback.serve(APP, options -> options.host("0.0.0.0"))) {
      assertThat(server.uri()).hasToString("http://localhost:" + server.port());
    }
  }

  @Test
  void oneAppMayBeServedTwice() throws Exception {
    try (Server one = Loopback.serve(APP);
        Server other = Loopback.serve(APP)) {
      one.close();
      try (RawClient client = RawClient.to(other)) {
        assertThat(client.send("GET / HTTP/1.0\r\n\r\n").readAll()).endsWith("fine");
      }
    }
  }

  @Test
  void aPortThatIsTakenIsToldInOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();

      assertThatExceptionOfType(PortUnavailableException.class)
          .isThrownBy(() -> APP.with(Loopback.options()).start(port))
          .satisfies(
              error -> {
                StringWriter printed = new StringWriter();
                error.printStackTrace(new PrintWriter(printed));
                assertThat(printed.toString().strip())
                    .startsWith(
                        "dev.postlude.server.PortUnavailableException: cannot listen on port "
                            + port
                            + " of 127.0.0.1 (")
                    .contains("Address already in use")
                    .endsWith("): choose another port, or 0 for any free one")
                    .doesNotContain("\n");
              });
    }
  }

  @Test
  void anAddressThatIsNotOursIsToldToo() {
    assertThatExceptionOfType(PortUnavailableException.class)
        .isThrownBy(() -> Loopback.serve(APP, options -> options.host("192.0.2.1")))
        .withMessageContaining(" of 192.0.2.1 (")
        .withMessageEndingWith(
            "): choose an address of this machine, 0.0.0.0 for all or 127.0.0.1 for itself alone");
    assertThatExceptionOfType(PortUnavailableException.class)
        .isThrownBy(() -> Loopback.serve(APP, options -> options.host("no-such-host.invalid")))
        .withMessageContaining(" of no-such-host.invalid (no such host): choose an address of");
    assertThatIllegalArgumentException().isThrownBy(() -> Loopback.options().host(" "));
  }

  @Test
  void aStartThatFailsLeavesNoThread() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Set<Thread> before = ours();
      assertThatExceptionOfType(PortUnavailableException.class)
          .isThrownBy(() -> APP.with(Loopback.options()).start(taken.getLocalPort()));

      assertAllEnd(before);
    }
  }

  @Test
  void aServerThatHasStoppedLeavesNoThread() throws Exception {
    Set<Thread> before = ours();
    try (Server server = Loopback.serve(APP);
        RawClient client = RawClient.to(server)) {
      assertThat(client.send("GET / HTTP/1.0\r\n\r\n").readAll()).endsWith("fine");
    }

    assertAllEnd(before);
  }

  private static Set<Thread> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("postlude"))
        .collect(Collectors.toSet());
  }

  private static void assertAllEnd(Set<Thread> before) throws InterruptedException {
    for (Thread thread : ours()) {
      if (!before.contains(thread)) {
        thread.join(10_000); // a thread ends a little later than it says
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}
