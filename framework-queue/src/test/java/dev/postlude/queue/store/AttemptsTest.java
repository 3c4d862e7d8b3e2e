package dev.postlude.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.store.Attempts.Progress;
import dev.postlude.queue.store.Intake.Arrival;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What attempts note of themselves. */
class AttemptsTest {
  @TempDir Path folder;

  @Test
  void progressOfAnAttemptThatHasLostItsPickIsNotNoted() throws Exception {
    Tables tables = Tables.prefixed("postlude_");
    try (Database database = new SqliteDatabase(folder.resolve("tasks.db"))) {
      database.prepare(tables);
      Attempts attempts = new Attempts(tables, database);
      Archive archive = new Archive(tables);
      try (Session session = database.openWriter()) {
        Arrival arrival = new Arrival("id", "name", "1", null, 1, 1);
        new Intake(tables).store(session, arrival, TaskState.QUEUED, 1);
        Picked lost = attempts.pickOne(session, "name", "id", "a", 2).orElseThrow();
        attempts.progress(session, lost, new Progress(1, 9, "while it had it"));
        assertThat(archive.find(session, "id").orElseThrow().message())
            .isEqualTo("while it had it");

        attempts.putBack(session, lost, 3);
        Picked current = attempts.pickOne(session, "name", "id", "b", 4).orElseThrow();
        attempts.progress(session, current, new Progress(2, 9, "the new one"));
        attempts.progress(session, lost, new Progress(8, 9, "the old one"));

        assertThat(archive.find(session, "id").orElseThrow().message()).isEqualTo("the new one");
      }
    }
  }
}
