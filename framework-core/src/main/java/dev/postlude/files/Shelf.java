package dev.postlude.files;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where files are found. Asked by many threads at once. */
interface Shelf {
  /**
   * The content of a file, or {@code null} when there is none of that name, or something else.
   *
   * @param name a {@link SafeName}
   * @throws IOException when it is there and cannot be read
   */
  @Nullable FileContent find(String name) throws IOException;
}
