package dev.postlude.files;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A directory of the disk. */
record Folder(Path root) implements Shelf {
  @Override
  public @Nullable FileContent find(String name) {
    try {
      return find(root, root.resolve(name));
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The content of a file, unless symbolic links lead out of the root. */
  static @Nullable FileContent find(Path root, Path file) {
    try {
      // The root is resolved each time: it may be a link that is moved on with each deployment.
      Path real = file.toRealPath();
      return real.startsWith(root.toRealPath()) ? FileContent.of(real) : null;
    } catch (IOException e) {
      return null; // not there, too long, not allowed, links in a circle: all the same to clients
    }
  }
}
