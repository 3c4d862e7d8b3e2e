package dev.postlude.queue.page;

import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.task.QueueStats;
import dev.postlude.queue.task.TaskQuery;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the page shows, made ready for JSON. */
final class Pictures {
  private static final int SUMMARY = 200;

  private final TaskQueue queue;
  private final InProcess inProcess;

  Pictures(TaskQueue queue, InProcess inProcess) {
    this.queue = queue;
    this.inProcess = inProcess;
  }

  /** A state as it stands in JSON. */
  static String word(TaskState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** How it is going. Blocks. */
  Map<String, Object> stats() throws SQLException {
    QueueStats stats = queue.stats();
    Map<String, Long> states = new LinkedHashMap<>();
    for (TaskState state : TaskState.values()) {
      states.put(word(state), stats.count(state));
    }
    Set<String> names = new TreeSet<>(stats.counts().keySet());
    names.addAll(queue.names());
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("states", states);
    members.put("names", names);
    members.put("unknownNames", new TreeSet<>(stats.unknownNames()));
    members.put("unreachable", stats.unreachable());
    members.put("oldestDueSeconds", stats.oldestDue().toMillis() / 1000.0);
    members.put("enqueued", stats.enqueued());
    members.put("succeeded", stats.succeeded());
    members.put("failed", stats.failed());
    members.put("dead", stats.dead());
    members.put("running", stats.running());
    members.put("process", Map.of("names", inProcess.counts(), "recent", inProcess.recent()));
    return members;
  }

  /** A list, with a word on whether there are more. Blocks. */
  Map<String, Object> tasks(TaskQuery query) throws SQLException {
    List<TaskRecord> tasks = queue.tasks(query);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("tasks", tasks.stream().map(Pictures::line).toList());
    members.put("more", tasks.size() == query.limit());
    return members;
  }

  /** What stands in a line of the list: no payload, no result, the first line of the error. */
  private static Map<String, @Nullable Object> line(TaskRecord task) {
    Map<String, @Nullable Object> members = whole(task);
    members.remove("payload");
    members.remove("result");
    members.remove("error");
    String error = task.error();
    if (error != null && task.state() != TaskState.SUCCEEDED) {
      String first = error.lines().findFirst().orElse("");
      members.put("summary", first.length() > SUMMARY ? first.substring(0, SUMMARY) : first);
    }
    return members;
  }

  /** All that is known of a task. */
  static Map<String, @Nullable Object> whole(TaskRecord task) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", task.id());
    members.put("name", task.name());
    members.put("state", word(task.state()));
    members.put("attempt", task.attempt());
    members.put("crashes", task.crashes());
    members.put("enqueuedAt", task.enqueuedAt());
    members.put("dueAt", task.dueAt());
    members.put("startedAt", task.startedAt());
    members.put("finishedAt", task.finishedAt());
    members.put("done", task.done());
    members.put("total", task.total());
    members.put("message", task.message());
    members.put("key", task.key());
    members.put("node", task.node());
    members.put("handedTo", task.handedTo());
    members.put("foreignId", task.foreignId());
    members.put("error", task.error());
    members.put("payload", task.payload());
    members.put("result", task.result());
    return members;
  }
}
