package dev.postlude.background;

import dev.postlude.background.BackgroundTask.Shape;
import dev.postlude.background.Node.Join;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task as a response carries it, grown into what is walked through: with all that is in it, and
 * what it needs.
 */
final class Tree {
  final Node root;
  final List<Leaf> leaves = new ArrayList<>(1);
  private final List<Need> needs = new ArrayList<>(1);

  /** How many places are needed in one lane. */
  private static final class Need {
    final Lane lane;
    int places;
    boolean taken;

    Need(Lane lane) {
      this.lane = lane;
    }
  }

  /**
   * Grows it.
   *
   * @param element which of the response's tasks it is
   * @param leavesBefore how many single tasks there are before it
   */
  Tree(Tasks.Entry entry, int element, int leavesBefore, Lanes lanes, Instant now) {
    root = grow(entry, entry.task(), null, 0, element, leavesBefore, lanes, now);
    for (Leaf leaf : leaves) {
      need(leaf.lane).places++;
    }
  }

  private Need need(Lane lane) {
    for (int i = needs.size() - 1; i >= 0; i--) { // backwards: neighbours tend to be of one group
      if (needs.get(i).lane == lane) {
        return needs.get(i);
      }
    }
    needs.add(new Need(lane));
    return needs.get(needs.size() - 1);
  }

  /** Takes places in all groups of this kind; if it returns false, in some of them only. */
  boolean reserve(TaskGroup.WhenFull kind) {
    for (Need need : needs) {
      if (need.lane.group().whenFull() == kind) {
        need.taken = need.lane.reserve(need.places);
        if (!need.taken) {
          return false;
        }
      }
    }
    return true;
  }

  /** Gives back whatever was reserved. */
  void unreserve() {
    for (Need need : needs) {
      if (need.taken) {
        need.lane.unreserve(need.places);
        need.taken = false;
      }
    }
  }

  // Recursive: the depth is bounded where tasks are written down.
  private Node grow(
      Tasks.Entry entry,
      BackgroundTask task,
      @Nullable Join parent,
      int index,
      int element,
      int leavesBefore,
      Lanes lanes,
      Instant now) {
    if (task.shape() == Shape.SINGLE) {
      Lane lane = lanes.of(task.policy().group());
      int position = leavesBefore + leaves.size() + 1;
      Leaf leaf = new Leaf(task, parent, index, element, lane, entry, position, now);
      leaves.add(leaf);
      return leaf;
    }
    Join join = new Join(task, parent, index, element);
    for (int i = 0; i < join.parts.length; i++) {
      join.parts[i] = grow(entry, task.parts().get(i), join, i, element, leavesBefore, lanes, now);
      join.ends[i] = leaves.size();
    }
    return join;
  }
}
