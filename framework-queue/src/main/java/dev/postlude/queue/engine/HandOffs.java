package dev.postlude.queue.engine;

import dev.postlude.queue.handoff.Answers;
import dev.postlude.queue.handoff.HandOff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The other systems that tasks are handed to, each once, and whether they take any. */
final class HandOffs {
  private static final Logger LOG = System.getLogger("dev.postlude.queue");

  private final Set<HandOff> all = new LinkedHashSet<>();
  private final Map<String, Outage> outages = new TreeMap<>(); // by the names of tasks

  HandOffs(Collection<Definition> definitions) {
    for (Definition definition : definitions) {
      HandOff handOff = definition.handOff();
      if (handOff != null) {
        all.add(handOff);
        outages.put(definition.name(), new Outage(definition.name()));
      }
    }
  }

  /** The outage of the system that does the tasks of this name. */
  Outage outage(String name) {
    return Objects.requireNonNull(outages.get(name));
  }

  /** The names of tasks that cannot be handed over now, and why. */
  Map<String, String> outages() {
    Map<String, String> reasons = new TreeMap<>();
    outages.forEach(
        (name, outage) -> {
          String reason = outage.reason();
          if (reason != null) {
            reasons.put(name, reason);
          }
        });
    return reasons;
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
