package dev.postlude.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.store.Intake.Arrival;
import dev.postlude.queue.store.Intake.Reception;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that come in more than once, and by more than one way. */
class IntakeTest {
  @TempDir Path folder;

  private final Tables tables = Tables.prefixed("postlude_");
  private final Intake intake = new Intake(tables);
  private final Archive archive = new Archive(tables);
  private Database database;
  private Session session;

  @BeforeEach
  void open() throws Exception {
    database = new SqliteDatabase(folder.resolve("tasks.db"));
    database.prepare(tables);
    session = database.openWriter();
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    database.close();
  }

  @Test
  void whatWasCommittedWithoutOurHearingOfItIsOursWhenItIsStoredAgain() throws Exception {
    Arrival arrival = new Arrival("id", "name", "1", null, 1, 1);

    assertThat(intake.store(session, arrival, TaskState.HELD, 9)).isEqualTo(Reception.STORED);
    assertThat(intake.store(session, arrival, TaskState.HELD, 9)).isEqualTo(Reception.STORED);
  }

  @Test
  void whatWasPromisedToTwoIsNotTakenBackByOneOfThem() throws Exception {
    Arrival arrival = new Arrival("id", "name", "1", "key", 1, 1);
    assertThat(intake.store(session, arrival, TaskState.HELD, 9)).isEqualTo(Reception.STORED);
    assertThat(intake.store(session, arrival, TaskState.HELD, 9)).isEqualTo(Reception.KNOWN);

    intake.revoke(session, "name", "id");

    assertThat(archive.find(session, "id")).isPresent();
    assertThat(archive.oldestDue(session, 9)).containsEntry("name", 9L);
  }

  @Test
  void whatIsHeldForOneAloneIsTakenBack() throws Exception {
    Arrival arrival = new Arrival("id", "name", "1", "key", 1, 1);
    intake.store(session, arrival, TaskState.HELD, 9);

    intake.revoke(session, "name", "id");

    assertThat(archive.find(session, "id")).isEmpty();
    assertThat(archive.oldestDue(session, 9)).isEmpty();
  }

  @Test
  void whoNamesTheFileInAnotherWayMeetsTheSameLocks() throws Exception {
    Path link = folder.resolve("link.db");
    Files.createSymbolicLink(link, folder.resolve("tasks.db"));
    Path roundabout = folder.resolve("..").resolve(folder.getFileName()).resolve("tasks.db");
    try (Database linked = new SqliteDatabase(link);
        Database same = new SqliteDatabase(roundabout);
        NodeClaim first = database.claim(null);
        NodeClaim second = linked.claim(null);
        NodeClaim third = same.claim(null)) {
      assertThat(first.name()).isEqualTo("node-1");
      assertThat(second.name()).isEqualTo("node-2");
      assertThat(third.name()).isEqualTo("node-3");
      assertThat(third.dead()).containsExactly("node-3");
    }
  }
}
