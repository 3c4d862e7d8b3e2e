package dev.postlude.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A block of Java in a document, or of whatever is quoted from a file.
 *
 * @param file where it stands, seen from the project's root
 * @param line of its first line, from 1
 * @param comment what the HTML comment right above it says, or empty
 */
record Block(Path file, int line, String comment, String code) {

  /** All such blocks of the README and of the folder {@code docs}, where those are. */
  static List<Block> all(Path root) throws IOException {
    List<Path> files = new ArrayList<>(List.of(root.resolve("README.md")));
    try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    List<Block> blocks = new ArrayList<>();
    for (Path file : files) {
      blocks.addAll(in(root.relativize(file), Files.readAllLines(file)));
    }
    return blocks;
  }

  static List<Block> in(Path file, List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    String comment = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("<!--")) {
        StringBuilder text = new StringBuilder(line);
        while (!lines.get(i).contains("-->")) {
          text.append('\n').append(lines.get(++i));
        }
        comment = text.toString().replaceAll("^<!--\\s*|\\s*-->$", "");
      } else if (line.equals("```java") || line.startsWith("```") && comment.startsWith("from:")) {
        int from = ++i;
        while (!lines.get(i).strip().equals("```")) {
          i++;
        }
        blocks.add(new Block(file, from + 1, comment, String.join("\n", lines.subList(from, i))));
        comment = "";
      } else if (!line.isEmpty()) {
        comment = "";
      }
    }
    return blocks;
  }

  @Override
  public String toString() {
    return file + ":" + line;
  }
}
