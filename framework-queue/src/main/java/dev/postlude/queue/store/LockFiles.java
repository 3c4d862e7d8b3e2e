package dev.postlude.queue.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names by lock files beside the database: the kernel lets go of a lock when its process ends, in
 * whatever way. So a file that can be locked belongs to nobody who is alive.
 */
final class LockFiles implements NodeClaim {
  private static final int MOST = 64;

  /** What this JVM holds: a second channel on such a file would, when closed, undo the lock. */
  private static final Set<Path> HELD = new HashSet<>();

  private final Held own;
  private final List<Held> dead;

  private record Held(String name, Path path, FileChannel channel) {
    void letGo() {
      synchronized (HELD) {
        HELD.remove(path);
        try {
          channel.close();
        } catch (IOException e) {
          // The lock goes with the process.
        }
      }
    }
  }

  private LockFiles(Held own, List<Held> dead) {
    this.own = own;
    this.dead = dead;
  }

  static LockFiles claim(Path database) throws SQLException {
    Held own = null;
    List<Held> dead = new ArrayList<>();
    for (int i = 1; i <= MOST; i++) {
      String name = "node-" + i;
      Path path = database.resolveSibling(database.getFileName() + "-" + name);
      if (own != null && !Files.exists(path)) {
        continue;
      }
      Held held = lock(name, path);
      if (held != null && own == null) {
        own = held;
      } else if (held != null) {
        dead.add(held);
      }
    }
    if (own == null) {
      throw new SQLException(MOST + " processes are at work on " + database + " already");
    }
    return new LockFiles(own, dead);
  }

  private static @Nullable Held lock(String name, Path path) throws SQLException {
    synchronized (HELD) {
      if (HELD.contains(path)) {
        return null;
      }
      try {
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return null;
        }
        HELD.add(path);
        return new Held(name, path, channel);
      } catch (IOException e) {
        throw new SQLException("cannot lock " + path, e);
      }
    }
  }

  @Override
  public String name() {
    return own.name();
  }

  @Override
  public List<String> dead() {
    List<String> names = new ArrayList<>(List.of(own.name()));
    dead.forEach(held -> names.add(held.name()));
    return names;
  }

  @Override
  public void buried() {
    dead.forEach(Held::letGo);
    dead.clear();
  }

  @Override
  public void close() {
    buried();
    own.letGo();
  }
}
