package dev.postlude.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A temporary file that is deleted when it is told to be, or else when nobody knows it any more.
 *
 * <p>Opened anew for each reading and not held open: a task that is interrupted closes only its own
 * stream, and ten thousand waiting tasks hold no file descriptors.
 */
final class SpooledFile {
  private static final Logger LOG = System.getLogger("dev.postlude.http");
  private static final Cleaner CLEANER = Cleaner.create();

  private final Path path;
  private final Cleaner.Cleanable deletion;

  private SpooledFile(Path path) {
    this.path = path;
    this.deletion = CLEANER.register(this, new Deletion(path));
  }

  /** May not know the file, which could never be forgotten then. */
  private record Deletion(Path path) implements Runnable {
    @Override
    public void run() {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.log(Level.WARNING, () -> "a temporary file stays: " + path, e);
      }
    }
  }

  /** Makes an empty one, which only this user may read where the file system knows users. */
  static SpooledFile create(Path directory) throws IOException {
    return new SpooledFile(Files.createTempFile(directory, "postlude-", ".part"));
  }

  OutputStream write() throws IOException {
    return Files.newOutputStream(path);
  }

  InputStream read() throws IOException {
    try {
      return Files.newInputStream(path);
    } catch (NoSuchFileException e) {
      NoSuchFileException gone =
          new NoSuchFileException(
              path.toString(), null, "the request is over and its files have been deleted");
      gone.initCause(e);
      throw gone;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void copyTo(Path target) throws IOException {
    try {
      Files.copy(path, target);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Deletes it now. Asking again does nothing. */
  void delete() {
    deletion.clean();
  }
}
