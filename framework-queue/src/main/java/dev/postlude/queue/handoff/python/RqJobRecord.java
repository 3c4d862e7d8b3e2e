package dev.postlude.queue.handoff.python;

import dev.postlude.http.Json;
import dev.postlude.queue.handoff.broker.RedisCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A job on its way to RQ, as its client would store it for workers that were started with {@code
 * --serializer rq.serializers.JSONSerializer}.
 *
 * @param function the dotted path of the function
 * @param timeout after which the worker kills it
 * @param keepResult for how long RQ keeps job and result
 */
record RqJobRecord(
    String id,
    String function,
    String queue,
    Arguments arguments,
    Duration timeout,
    Duration keepResult,
    Instant now) {

  /** Six digits, no more and no fewer: Python's {@code %f}. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  static String key(String id) {
    return "rq:job:" + id;
  }

  static String resultsKey(String id) {
    return "rq:results:" + id;
  }

  String data() {
    return "["
        + Json.text(function)
        + ",null,"
        + arguments.positional()
        + ","
        + arguments.named()
        + "]";
  }

  /** All of it, to be done in one transaction. What was left of an earlier try is removed. */
  List<RedisCommand> toRedis() {
    String time = TIME.format(now);
    List<String> hash = new ArrayList<>(List.of(key(id)));
    hash.addAll(List.of("data", data()));
    hash.addAll(List.of("created_at", time));
    hash.addAll(List.of("enqueued_at", time));
    hash.addAll(List.of("origin", queue));
    hash.addAll(List.of("description", function));
    hash.addAll(List.of("status", "queued"));
    hash.addAll(List.of("timeout", Long.toString(timeout.toSeconds())));
    hash.addAll(List.of("result_ttl", Long.toString(keepResult.toSeconds())));
    hash.addAll(List.of("failure_ttl", Long.toString(keepResult.toSeconds())));
    for (String empty :
        List.of(
            "started_at",
            "ended_at",
            "last_heartbeat",
            "worker_name",
            "success_callback_name",
            "failure_callback_name")) {
      hash.addAll(List.of(empty, ""));
    }
    return List.of(
        RedisCommand.of("DEL", key(id), resultsKey(id)),
        RedisCommand.of("SADD", "rq:queues", "rq:queue:" + queue),
        new RedisCommand("HSET", hash),
        RedisCommand.of("RPUSH", "rq:queue:" + queue, id));
  }
}
