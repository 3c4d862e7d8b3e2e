package dev.postlude.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** What is done when the tests' JVM ends: first what still runs is killed, then its files go. */
final class AtTheEnd {
  private static final Deque<Runnable> KILLS = new ArrayDeque<>(); // guarded by the class
  private static final Deque<Path> FOLDERS = new ArrayDeque<>(); // guarded by the class

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtTheEnd::run, "rig-end"));
  }

  private AtTheEnd() {}

  /** Has something ended; the latest first. */
  static synchronized void kill(Runnable kill) {
    KILLS.push(kill);
  }

  /** Has a folder deleted with all that is in it. */
  static synchronized void delete(Path folder) {
    FOLDERS.push(folder);
  }

  private static synchronized void run() {
    KILLS.forEach(Runnable::run);
    FOLDERS.forEach(AtTheEnd::deleteAll);
  }

  /** Deletes a folder now. */
  static void deleteAll(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestLast = files.toList();
      for (int i = deepestLast.size() - 1; i >= 0; i--) {
        Files.deleteIfExists(deepestLast.get(i));
      }
    } catch (IOException | RuntimeException e) {
      System.err.println(folder + " was left behind: " + e);
    }
  }
}
