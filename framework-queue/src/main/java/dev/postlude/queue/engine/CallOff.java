package dev.postlude.queue.engine;

import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.store.Archive;
import dev.postlude.queue.store.Session;
import dev.postlude.queue.task.TaskRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Map;

/** Calls tasks off, wherever they are. */
final class CallOff {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");

  private final Desk desk;
  private final Crew crew;
  private final Map<String, Definition> definitions;

  CallOff(Desk desk, Crew crew, Map<String, Definition> definitions) {
    this.desk = desk;
    this.crew = crew;
    this.definitions = definitions;
  }

  /** Calls a task off; false when it is too late, or nobody could be told. Blocks. */
  boolean cancel(String id) throws SQLException {
    long now = System.currentTimeMillis();
    Found found = desk.change((archive, session) -> callOff(archive, session, id, now));
    if (found == Found.AT_WORK) {
      crew.cancel(id); // others hear of it when they look
    }
    return found != Found.ELSEWHERE || cancelElsewhere(id, now);
  }

  private enum Found {
    WAITING,
    AT_WORK,
    ELSEWHERE
  }

  /** In one transaction: an attempt that fails in between would put it back out of sight. */
  private static Found callOff(Archive archive, Session session, String id, long now)
      throws SQLException {
    if (archive.cancel(session, id, now)) {
      return Found.WAITING;
    }
    if (archive.mark(session, id, now)) {
      return Found.AT_WORK;
    }
    // On a server another process may have put it back all the same.
    return archive.cancel(session, id, now) ? Found.WAITING : Found.ELSEWHERE;
  }

  private boolean cancelElsewhere(String id, long now) throws SQLException {
    TaskRecord task = desk.read((archive, session) -> archive.find(session, id)).orElse(null);
    Definition definition = task == null ? null : definitions.get(task.name());
    HandOff handOff = definition == null ? null : definition.handOff();
    if (task == null || task.foreignId() == null || handOff == null || !handOff.canCancel()) {
      return false;
    }
    boolean cancelled =
        desk.change((archive, session) -> archive.cancelHandedOff(session, task.name(), id, now));
    if (cancelled) {
      try {
        handOff.cancel(task.foreignId());
      } catch (Exception e) {
        LOG.log(Level.WARNING, handOff.system() + " does not know that " + id + " is cancelled", e);
      }
    }
    return cancelled;
  }
}
