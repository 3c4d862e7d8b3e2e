package dev.postlude.queue.engine;

import dev.postlude.queue.store.Intake;
import dev.postlude.queue.store.Intake.Arrival;
import dev.postlude.queue.store.Intake.Reception;
import dev.postlude.queue.store.Moments;
import dev.postlude.queue.store.Writer;
import dev.postlude.queue.task.TaskState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The tasks of responses that are not written yet.
 *
 * <p>In the database a held task is due when its hold ends, so that it runs if this process dies.
 * As long as the process lives the end is put off: a response may take as long as it likes.
 */
final class Holds {
  private final Writer writer;
  private final Intake intake;
  private final Duration hold;
  private final Map<String, Arrival> held = new ConcurrentHashMap<>();

  Holds(Writer writer, Intake intake, ScheduledExecutorService timer, Duration hold) {
    this.writer = writer;
    this.intake = intake;
    this.hold = hold;
    long third = TimeUnit.MILLISECONDS.convert(hold) / 3;
    timer.scheduleWithFixedDelay(new Lasting(this::extend), third, third, TimeUnit.MILLISECONDS);
  }

  CompletableFuture<Reception> store(Arrival arrival) {
    return writer
        .submit(
            true,
            session ->
                intake.store(
                    session,
                    arrival,
                    TaskState.HELD,
                    Math.max(arrival.dueAt(), Moments.after(System.currentTimeMillis(), hold))))
        .thenApply(
            reception -> {
              if (reception == Reception.STORED) {
                held.put(arrival.id(), arrival);
              }
              return reception;
            });
  }

  /** Lets it go; a release that a power cut swallows is made up for by the end of the hold. */
  CompletableFuture<?> release(Arrival arrival, long dueAt) {
    held.remove(arrival.id());
    return writer.submit(
        false,
        session -> {
          intake.release(session, arrival.name(), arrival.id(), dueAt);
          return true;
        });
  }

  void revoke(Arrival arrival) {
    held.remove(arrival.id());
    writer.submit(
        true,
        session -> {
          intake.revoke(session, arrival.name(), arrival.id());
          return true;
        });
  }

  private void extend() {
    long now = System.currentTimeMillis();
    for (Arrival each : held.values()) {
      writer.submit(
          false,
          session -> {
            // Released in the meantime: the writer has seen, or will see, its true time.
            if (held.containsKey(each.id())) {
              intake.extend(
                  session,
                  each.name(),
                  each.id(),
                  Math.max(each.dueAt(), Moments.after(now, hold)));
            }
            return true;
          });
    }
  }
}
