package dev.postlude.examples.gallery;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.Exchange;
import dev.postlude.background.TaskContext;
import dev.postlude.http.EventStream;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Json;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What happens to the examples' requests and their tasks, told to every page that is looking: a
 * filter sees the requests, a listener the tasks, and a stream of server-sent events goes out.
 *
 * <p>Nobody waits for a page: one that is more than a thousand events behind misses some.
 */
final class Live implements Filter, BackgroundListener {
  private static final int BEHIND = 1_000;

  private final Set<BlockingQueue<String>> pages = ConcurrentHashMap.newKeySet();

  /** Times are in milliseconds since the request's head was there. */
  record Event(
      String type,
      String request,
      double ms,
      String what,
      int task,
      String name,
      int attempt,
      String detail) {}

  Response events(Request request) {
    return Response.events(this::tell);
  }

  private void tell(EventStream events) throws Exception {
    BlockingQueue<String> queue = new ArrayBlockingQueue<>(BEHIND);
    pages.add(queue);
    try {
      events.send("hello", "");
      while (events.isOpen()) {
        events.send(queue.take());
      }
    } finally {
      pages.remove(queue);
    }
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    String what = request.method() + " " + request.path();
    publish(new Event("request", request.id(), 0, what, 0, "", 0, ""));
    request.onFinish(this::answered);
    return next.handle(request);
  }

  private void answered(Exchange done) {
    Instant at = done.finishedAt() == null ? Instant.now() : done.finishedAt();
    String what = done.status() == 0 ? "no answer" : Integer.toString(done.status());
    double ms = millis(done.receivedAt(), at);
    String outcome = done.outcome().name();
    publish(new Event("answer", done.requestId(), ms, what, 0, "", 0, outcome));
  }

  @Override
  public void queued(TaskContext task) {
    task("queued", task, "");
  }

  @Override
  public void started(TaskContext task) {
    task("started", task, "");
  }

  @Override
  public void succeeded(TaskContext task) {
    task("succeeded", task, "");
  }

  @Override
  public void failed(TaskContext task, Throwable error) {
    task("failed", task, String.valueOf(error.getMessage()));
  }

  @Override
  public void retried(TaskContext task, Throwable error, Duration wait) {
    task("retried", task, String.valueOf(error.getMessage()));
  }

  @Override
  public void rejected(TaskContext task) {
    task("rejected", task, "there was no place for it");
  }

  @Override
  public void skipped(TaskContext task, String reason) {
    task("skipped", task, reason);
  }

  @Override
  public void abandoned(TaskContext task) {
    task("abandoned", task, "");
  }

  @Override
  public void progressed(TaskContext task, long done, long total, String message) {
    task("progressed", task, done + " of " + total);
  }

  private void task(String what, TaskContext task, String detail) {
    if (task.route().startsWith("/examples/")) {
      double ms = millis(task.exchange().receivedAt(), Instant.now());
      publish(
          new Event(
              "task",
              task.requestId(),
              ms,
              what,
              task.position(),
              task.name(),
              task.attempt(),
              detail));
    }
  }

  private static double millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos() / 1e6);
  }

  private void publish(Event event) {
    String json = Json.text(event);
    pages.forEach(queue -> queue.offer(json));
  }
}
