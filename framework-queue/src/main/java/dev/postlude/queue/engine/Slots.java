package dev.postlude.queue.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many tasks of each name may be picked now. Names that have a bound of their own are picked
 * one by one, all others together; who comes first changes from time to time, so that none starves
 * beside the rest.
 */
final class Slots {
  private final Map<String, Integer> bounds = new HashMap<>();
  private final List<String> unbounded = new ArrayList<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private int turn;

  Slots(Collection<Definition> definitions, int threads) {
    for (Definition definition : definitions) {
      if (definition.policy().maxConcurrent() < threads) {
        bounds.put(definition.name(), definition.policy().maxConcurrent());
      } else {
        unbounded.add(definition.name());
      }
    }
  }

  /** Names that are picked together, and how many of them at most. */
  record Share(List<String> names, int free) {}

  /** What may be picked, in the order in which to do it. */
  synchronized List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    if (!unbounded.isEmpty()) {
      shares.add(new Share(unbounded, Integer.MAX_VALUE));
    }
    bounds.forEach(
        (name, bound) -> {
          int free = bound - taken.getOrDefault(name, 0);
          if (free > 0) {
            shares.add(new Share(List.of(name), free));
          }
        });
    if (!shares.isEmpty()) {
      Collections.rotate(shares, turn++ % shares.size());
    }
    return shares;
  }

  synchronized void take(String name) {
    taken.merge(name, 1, Integer::sum);
  }

  synchronized void free(String name) {
    taken.merge(name, -1, Integer::sum);
  }
}
