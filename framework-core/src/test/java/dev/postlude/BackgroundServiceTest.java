package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.background.BackgroundService;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What starts before an app and stops after its tasks. */
final class BackgroundServiceTest {
  /** What happened, in order. */
  private final List<String> events = new CopyOnWriteArrayList<>();

  private volatile Duration atMost = Duration.ZERO;

  /** Says when it is started and stopped. */
  private final class Beside implements BackgroundService {
    private final String name;
    private final boolean starts;

    Beside(String name, boolean starts) {
      this.name = name;
      this.starts = starts;
    }

    @Override
    public void start() throws IOException {
      events.add("start " + name);
      if (!starts) {
        throw new IOException("no file");
      }
    }

    @Override
    public void stop(Duration atMost) {
      assertThat(atMost).isBetween(Duration.ZERO, Duration.ofSeconds(20));
      events.add("stop " + name);
      BackgroundServiceTest.this.atMost = atMost;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void aServiceIsStartedFirstAndStoppedAfterTheTasks() throws Exception {
    App app =
        App.of(
                routes ->
                    routes.get(
                        "/",
                        request -> Response.of(202).background("task", () -> events.add("task"))))
            .with(new Beside("a", true))
            .with(new Beside("b", true));
    try (Server server = Loopback.serve(app);
        RawClient client = RawClient.to(server)) {
      assertThat(events).containsExactly("start a", "start b");
      server.background().pause();
      client.send(get("/")).read();
      server.background().resume();
    }
    assertThat(events).containsExactly("start a", "start b", "task", "stop b", "stop a");
  }

  @Test
  void aServiceHasTimeEvenWhereTheTasksHaveLeftNone() throws Exception {
    try (Server server = Loopback.serve(App.of(routes -> {}).with(new Beside("a", true)))) {
      server.background().shutdown(Duration.ZERO);
    }
    assertThat(atMost).isPositive();
  }

  @Test
  void anAppWhoseServiceCannotStartIsNotStarted() {
    App app = App.of(routes -> {}).with(new Beside("a", true)).with(new Beside("b", false));
    assertThatThrownBy(() -> Loopback.serve(app))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("b could not start: no file");
    assertThat(events).containsExactly("start a", "start b", "stop a");
  }
}
