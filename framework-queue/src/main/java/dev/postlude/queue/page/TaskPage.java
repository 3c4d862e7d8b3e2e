package dev.postlude.queue.page;

import dev.postlude.files.StaticFiles;
import dev.postlude.filter.SecurityHeaders;
import dev.postlude.http.EventStream;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Json;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.routing.Routes;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A page for those who run an app: what its queue holds, what runs, what is dead and why, with
 * buttons to run again, call off and remove; and the tasks of the process that are not stored.
 *
 * <pre>{@code
 * routes.group("/ops/tasks", ops -> {
 *   ops.filter(BasicAuth.of("ops", Map.of("admin", password)));
 *   TaskPage.of(queue).routes(ops);
 * });
 * }</pre>
 *
 * <p>It shows payloads and errors, and changes things: put a filter before it. Beside the page
 * stand {@code stats}, {@code tasks} and {@code tasks/{id}} as JSON, {@code metrics} for
 * Prometheus, and {@code events}, a stream of {@code stats} once a second while somebody looks.
 *
 * <p>What changes something wants a header {@code X-Task-Page}, which no other site's page can make
 * a browser send, and refuses what the browser says comes from elsewhere.
 */
public final class TaskPage {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final int LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final TaskQueue queue;
  private final InProcess inProcess;
  private final Pictures pictures;

  private TaskPage(TaskQueue queue) {
    this.queue = Objects.requireNonNull(queue, "queue");
    this.inProcess = new InProcess(queue);
    this.pictures = new Pictures(queue, inProcess);
  }

  /** The page of a queue. */
  public static TaskPage of(TaskQueue queue) {
    return new TaskPage(queue);
  }

  /** Writes its routes: the body of a group. */
  public void routes(Routes routes) {
    routes.listener(inProcess);
    routes.filter(
        SecurityHeaders.create().contentSecurityPolicy(POLICY).referrerPolicy("no-referrer"));
    routes.get("/", TaskPage::page);
    routes.get("/assets/{path...}", StaticFiles.classPath("/postlude-queue"));
    routes.get("/stats", request -> fresh(Response.json(pictures.stats())));
    routes.get("/metrics", request -> fresh(Metrics.of(queue.stats(), inProcess.counts())));
    routes.get("/events", request -> Response.events(this::tell));
    routes.get("/tasks", request -> fresh(Response.json(pictures.tasks(query(request)))));
    routes.get("/tasks/{id}", request -> fresh(Response.json(Pictures.whole(known(request)))));
    routes.post("/tasks/{id}/retry", change(queue::retry, "run again"));
    routes.post("/tasks/{id}/cancel", change(queue::cancel, "called off"));
    routes.delete("/tasks/{id}", change(queue::remove, "removed"));
  }

  /**
   * All that the page asks for is beside it, so that it works behind a proxy that changes paths;
   * which wants the slash at its end.
   */
  private static Response page(Request request) throws Exception {
    String path = request.path();
    if (!path.endsWith("/")) {
      return Response.redirect(308, path.substring(path.lastIndexOf('/') + 1) + "/");
    }
    try (var in = TaskPage.class.getResourceAsStream("/postlude-queue/page.html")) {
      byte[] html = Objects.requireNonNull(in, "page.html").readAllBytes();
      return fresh(Response.html(new String(html, StandardCharsets.UTF_8)));
    }
  }

  private static Response fresh(Response response) {
    return response.header("Cache-Control", "no-store");
  }

  private TaskQuery query(Request request) throws SQLException {
    int limit = request.query().asInt("limit", LIMIT);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new HttpException(400, "limit is from 1 to " + MAX_LIMIT);
    }
    TaskQuery query = TaskQuery.all().limit(limit);
    String state = request.query().find("state").orElse("");
    if (!state.isEmpty()) {
      query = query.states(state(state));
    }
    String name = request.query().find("name").orElse("");
    if (!name.isEmpty()) {
      query = query.name(name);
    }
    String after = request.query().find("after").orElse("");
    if (!after.isEmpty()) {
      query = query.after(known(after));
    }
    return query;
  }

  private static TaskState state(String word) {
    return Arrays.stream(TaskState.values())
        .filter(state -> Pictures.word(state).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new HttpException(
                    400,
                    "state is one of "
                        + Arrays.stream(TaskState.values())
                            .map(Pictures::word)
                            .collect(Collectors.joining(", "))));
  }

  private TaskRecord known(Request request) throws SQLException {
    return known(request.param("id"));
  }

  private TaskRecord known(String id) throws SQLException {
    return queue.record(id).orElseThrow(() -> new HttpException(404, "there is no such task"));
  }

  /** What a button does: true if it could be done. */
  private interface Change {
    boolean to(String id) throws SQLException;
  }

  private Handler change(Change change, String what) {
    return request -> {
      refuseForeign(request);
      TaskRecord task = known(request);
      if (!change.to(task.id())) {
        throw new HttpException(
            409, "a task that is " + Pictures.word(task.state()) + " cannot be " + what);
      }
      return Response.noContent();
    };
  }

  /**
   * Refuses what a page of another site may have made a browser send. The header of ours makes the
   * browser ask first (the CORS protocol); what it says of the origin it says by itself (Fetch
   * Metadata).
   */
  private static void refuseForeign(Request request) {
    String site = request.header("Sec-Fetch-Site").orElse("same-origin");
    if (!site.equals("same-origin") && !site.equals("none")) {
      throw new HttpException(403, "this comes from a page of another site");
    }
    if (request.header("X-Task-Page").isEmpty()) {
      throw new HttpException(403, "send the header X-Task-Page: 1 with what changes something");
    }
  }

  private void tell(EventStream events) throws Exception {
    String before = "";
    int silent = 0;
    while (events.isOpen()) {
      String now = Json.text(pictures.stats());
      if (!now.equals(before) || ++silent >= 5) {
        events.send("stats", now);
        before = now;
        silent = 0;
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }
}
