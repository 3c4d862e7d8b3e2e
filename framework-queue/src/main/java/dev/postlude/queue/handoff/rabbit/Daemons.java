package dev.postlude.queue.handoff.rabbit;

import java.util.concurrent.ThreadFactory;

/** Makes threads that do not keep the process alive. */
final class Daemons {
  private Daemons() {}

  static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(null, task, name, 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }
}
