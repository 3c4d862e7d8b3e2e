package dev.postlude.queue.engine;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.HandOff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The other systems that tasks are handed to, each once. */
final class HandOffs {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");

  private final Set<HandOff> all = new LinkedHashSet<>();

  HandOffs(Collection<Definition> definitions) {
    for (Definition definition : definitions) {
      HandOff handOff = definition.handOff();
      if (handOff != null) {
        all.add(handOff);
      }
    }
  }

  /** Lets them say by themselves how far tasks are. */
  void start(String outbox, Answers answers) throws SQLException {
    for (HandOff each : all) {
      try {
        each.start(outbox, answers);
      } catch (Exception e) {
        throw new SQLException(each.system() + " cannot be listened to", e);
      }
    }
  }

  void close() {
    for (HandOff each : all) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, each.system() + " could not be closed", e);
      }
    }
  }
}
