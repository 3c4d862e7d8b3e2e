package dev.postlude.queue.store;

import java.util.List;

/** The name that this process writes to what it picks, and those of the dead. */
public interface NodeClaim extends AutoCloseable {
  /** The name, which no other running process has. */
  String name();

  /** The names of processes that certainly run no more, that of our own previous life included. */
  List<String> dead();

  /** Says that nothing of the dead is left. */
  void buried();

  /** Gives the name back. */
  @Override
  void close();
}
