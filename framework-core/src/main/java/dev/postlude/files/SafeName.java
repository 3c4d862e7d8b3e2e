package dev.postlude.files;

import java.util.Optional;

/**
 * Makes a file's name of what a client sent. What could mean anything but a visible file at or
 * below a folder is refused on every system alike, so that no disk is asked for it: dots,
 * backslashes, drive letters, control characters, and the dots and blanks at the end that Windows
 * overlooks.
 */
final class SafeName {
  private SafeName() {}

  /**
   * A name relative to a folder, its elements between slashes and no slash at its end; empty for
   * the folder itself.
   *
   * @param path the rest of a request's path, decoded; nothing comes of one that is refused
   */
  static Optional<String> of(String path) {
    String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (name.isEmpty()) {
      return path.isEmpty() ? Optional.of(name) : Optional.empty();
    }
    for (String element : name.split("/", -1)) {
      if (!isSafe(element)) {
        return Optional.empty();
      }
    }
    return Optional.of(name);
  }

  private static boolean isSafe(String element) {
    if (element.isEmpty()
        || element.startsWith(".")
        || element.endsWith(".")
        || element.endsWith(" ")) {
      return false;
    }
    return element.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c));
  }
}
