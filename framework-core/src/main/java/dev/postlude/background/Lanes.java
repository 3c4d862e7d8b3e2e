package dev.postlude.background;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lanes of a runner: one for each group that it has seen, by name. */
final class Lanes {
  private static final int MAX_GROUPS = 1_000;

  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final Lane usual;

  Lanes(TaskGroup defaultGroup) {
    usual = new Lane(defaultGroup);
    lanes.put(defaultGroup.name(), usual);
  }

  /**
   * Finds the lane of a group, or opens it.
   *
   * @throws IllegalArgumentException if the group is one too many, or there is another of its name
   */
  Lane of(TaskGroup group) {
    if (group.equals(TaskGroup.DEFAULT)) {
      return usual;
    }
    Lane lane = lanes.get(group.name());
    if (lane == null) {
      if (lanes.size() >= MAX_GROUPS) {
        throw new IllegalArgumentException(
            "There are "
                + MAX_GROUPS
                + " task groups already, and \""
                + group.name()
                + "\" would be one more. Groups are meant to be constants, one for each kind of"
                + " work; do not make them from data. For a bound for each customer let several"
                + " share one of a fixed list of groups.");
      }
      lane = lanes.computeIfAbsent(group.name(), name -> new Lane(group));
    }
    if (!lane.group().equals(group)) {
      throw new IllegalArgumentException(
          "There are two groups of one name, "
              + lane.group()
              + " and "
              + group
              + ". Write a group once, as a constant.");
    }
    return lane;
  }

  List<Lane> all() {
    List<Lane> all = new ArrayList<>(lanes.values());
    all.sort(Comparator.comparing(lane -> lane.group().name()));
    return all;
  }
}
