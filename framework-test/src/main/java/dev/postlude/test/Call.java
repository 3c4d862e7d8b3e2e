package dev.postlude.test;

import dev.postlude.background.TaskContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of a test, and what it set off in the app. Guarded by the {@link Calls} that it is one of.
 *
 * <p>One request comes of it, or several when the client follows redirects.
 */
final class Call {
  final String id = UUID.randomUUID().toString();
  final String name;
  final TestScope scope;
  private final boolean raises;
  private final List<Arrival> arrivals = new ArrayList<>(1);
  private final List<TaskTrace> untold = new ArrayList<>(0); // failures
  private int busy; // requests that have something at work
  private int left; // tasks that have not ended
  private boolean cutOff; // by a shutdown, after which nobody tells what is at work

  /**
   * Makes a call that the app has not heard of yet.
   *
   * @param name what it is called in messages
   * @param raises whether its failed tasks fail the test
   */
  Call(String name, TestScope scope, boolean raises) {
    this.name = name;
    this.scope = scope;
    this.raises = raises;
  }

  /** One request of the call. */
  static final class Arrival {
    final Call call;
    private final Map<Integer, TaskTrace> tasks = new TreeMap<>(); // by position
    private volatile @Nullable Thread handling; // guarded by nothing

    private Arrival(Call call) {
      this.call = call;
    }

    /** Says which thread is inside filters and handler; null when it has left. */
    void handledBy(@Nullable Thread thread) {
      handling = thread;
    }

    /** Takes note of what is heard of a task. */
    void heard(TaskContext task, Consumer<TaskTrace> news) {
      TaskTrace trace = tasks.get(task.position());
      if (trace == null) {
        trace = new TaskTrace(task);
        tasks.put(task.position(), trace);
        call.left++;
      }
      boolean had = trace.hasEnded();
      news.accept(trace);
      if (trace.hasEnded() && !had) {
        call.left--;
        if (trace.hasFailed() && call.raises) {
          call.untold.add(trace);
        }
      }
    }
  }

  /** Notes that a request of it has arrived. */
  Arrival arrive() {
    Arrival arrival = new Arrival(this);
    arrivals.add(arrival);
    return arrival;
  }

  void countBusy(int more) {
    busy += more;
  }

  /** Hands over the failures that the test has not been told of, in the order of the tasks. */
  List<TaskTrace> takeFailures() {
    List<TaskTrace> taken = tasks().filter(untold::contains).toList();
    untold.clear();
    return taken;
  }

  /** Notes that a shutdown has cut off what was at work. */
  void cutOff() {
    cutOff = true;
  }

  boolean hasEnded() {
    return left == 0 && (busy == 0 || cutOff);
  }

  /** Tells whether all that is left of it waits for a delay or a retry. */
  boolean rests() {
    return busy == 0 && left > 0;
  }

  /** Tells whether it has ended, and nothing is to be told of it. */
  boolean isOver() {
    return hasEnded() && untold.isEmpty();
  }

  Stream<TaskTrace> tasks() {
    return arrivals.stream().flatMap(arrival -> arrival.tasks.values().stream());
  }

  /** Says what has not ended, a line each. */
  String doing() {
    StringBuilder lines = new StringBuilder();
    tasks()
        .filter(task -> !task.hasEnded())
        .forEach(task -> lines.append("\n  ").append(task.doing()));
    return lines.isEmpty()
        ? "\n  " + name + ": its finish hooks, or the last write of its response"
        : lines.toString();
  }

  /** Shows where its running tasks are. */
  Stream<Throwable> whereTasksAre() {
    return tasks().flatMap(task -> Stream.ofNullable(task.where()));
  }

  /** Shows where its handler is; null if no thread is inside it. */
  @Nullable Throwable whereHandled() {
    for (Arrival arrival : arrivals) {
      Thread inside = arrival.handling;
      if (inside != null) {
        return TaskTrace.stackOf("the handler of " + name, inside);
      }
    }
    return null;
  }
}
