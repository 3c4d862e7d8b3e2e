package dev.postlude;

import static dev.postlude.wire.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.BackgroundTask;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Responses and tasks are values: sharing one is harmless, and attaching never takes away. */
class S07ValuesTest {
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

  private BackgroundTask task(String name) {
    return BackgroundTask.of(name, context -> ran.add(name + " of " + context.path()));
  }

  @Test
  void aSharedResponseRunsItsTasksForEveryRequestAndNobodyElsesTasks() throws Exception {
    Response shared = Response.text("shared").background(task("shared"));
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.get("/a", request -> shared);
                  routes.get("/b", request -> shared.background(task("own")));
                });
        RawClient client = RawClient.to(server)) {
      for (String path : List.of("/a", "/b", "/a")) {
        client.send(get(path)).read();
        assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();
      }

      assertThat(ran).containsExactly("shared of /a", "shared of /b", "own of /b", "shared of /a");
    }
  }

  @Test
  void aSharedTaskMayBeOfAnyNumberOfResponses() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    BackgroundTask shared = BackgroundTask.of("shared", runs::incrementAndGet);
    try (Server server =
            Loopback.serve(
                routes ->
                    routes.get(
                        "/", request -> Response.of(200).background(shared).background(shared)));
        RawClient client = RawClient.to(server)) {
      client.send(get("/").repeat(50));
      for (int i = 0; i < 50; i++) {
        client.read();
      }
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(runs).hasValue(100);
    }
  }

  @Test
  void aFilterThatAttachesLeavesTheHandlersTasksInPlace() throws Exception {
    try (Server server =
            Loopback.serve(
                routes -> {
                  routes.filter((request, next) -> next.handle(request).background(task("filter")));
                  routes.get("/", request -> Response.of(200).background(task("handler")));
                });
        RawClient client = RawClient.to(server)) {
      client.send(get("/")).read();
      assertThat(server.background().awaitQuiet(Duration.ofSeconds(10))).isTrue();

      assertThat(ran).containsExactly("handler of /", "filter of /");
    }
  }
}
