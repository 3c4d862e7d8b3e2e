package dev.postlude.background;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A point in the tree of a response's tasks. */
class Node {
  final BackgroundTask task;

  /** Where it goes on when this has ended; null at the top. */
  final @Nullable Join parent;

  /** Which of the parent's parts this is. */
  final int index;

  /** Which of the response's tasks this is, or is a part of. */
  final int element;

  Node(BackgroundTask task, @Nullable Join parent, int index, int element) {
    this.task = task;
    this.parent = parent;
    this.index = index;
    this.element = element;
  }

  /** A chain, or parallel tasks. */
  static final class Join extends Node {
    final Node[] parts;

    /**
     * How many single tasks there are before the end of each part, counted from the start of the
     * element.
     */
    final int[] ends;

    /** How many parallel parts have not ended. */
    final AtomicInteger open;

    /** The name of a task that failed in a parallel part. */
    volatile @Nullable String failed;

    Join(BackgroundTask task, @Nullable Join parent, int index, int element) {
      super(task, parent, index, element);
      parts = new Node[task.parts().size()];
      ends = new int[parts.length];
      open = new AtomicInteger(parts.length);
    }

    boolean isChain() {
      return task.shape() == BackgroundTask.Shape.CHAIN;
    }
  }
}
