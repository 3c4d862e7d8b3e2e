package dev.postlude.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every block of Java in README.md and docs compiles, so that what is copied from there does too.
 *
 * <p>The names that a block takes for granted are in {@link Fragment}, or in a comment right above
 * it, {@code <!-- java: record Order(int id) {} -->}. A block below a comment that names a file,
 * {@code <!-- from: examples/src/main/java/... -->}, must stand in that file as it is, but for
 * blanks and line ends.
 */
class DocsTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

  @TestFactory
  Stream<DynamicTest> everyBlockCompiles() throws IOException {
    List<Block> blocks = Block.all(ROOT);
    blocks.removeIf(block -> block.comment().startsWith("from:"));
    List<String> complaints = new BlockCompiler().complaints(blocks);
    return IntStream.range(0, blocks.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    blocks.get(i).toString(),
                    () -> assertThat(complaints.get(i)).as(blocks.get(i).code()).isEmpty()));
  }

  @TestFactory
  Stream<DynamicTest> everyQuotationStandsInItsFile() throws IOException {
    return Block.all(ROOT).stream()
        .filter(block -> block.comment().startsWith("from:"))
        .map(block -> DynamicTest.dynamicTest(block.toString(), () -> assertQuoted(block)));
  }

  private static void assertQuoted(Block block) throws IOException {
    Path file = ROOT.resolve(block.comment().substring("from:".length()).strip());
    assertThat(withoutBlanks(Files.readString(file)))
        .as("%s, which %s quotes:%n%s", file, block, block.code())
        .contains(withoutBlanks(block.code()));
  }

  private static String withoutBlanks(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void aBlockThatDoesNotCompileIsFound() throws IOException {
    List<Block> blocks =
        Block.in(
            Path.of("a.md"),
            List.of(
                "```java",
                "return Response.text(42);",
                "```",
                "```java",
                "class {",
                "```",
                "<!-- java: int number = 7; -->",
                "```java",
                "return number;",
                "```",
                "```java",
                "return number;",
                "```"));
    List<Boolean> fine =
        new BlockCompiler().complaints(blocks).stream().map(String::isEmpty).toList();

    assertThat(blocks).extracting(Block::line).containsExactly(2, 5, 9, 12);
    assertThat(fine).containsExactly(false, false, true, false);
  }
}
