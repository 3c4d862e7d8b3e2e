package dev.postlude.examples.docs;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles blocks as what they are: statements, members of a class, or expressions one below the
 * other. Each stands in a class that extends {@link Fragment}, where the names are that documents
 * take for granted, and sees the types that other blocks of its document declare. An ellipsis
 * stands for any value. A block that has imports has no others than those.
 */
final class BlockCompiler {
  private static final List<String> IMPORTS =
      List.of(
          "dev.postlude.*",
          "dev.postlude.background.*",
          "dev.postlude.context.*",
          "dev.postlude.files.*",
          "dev.postlude.filter.*",
          "dev.postlude.http.*",
          "dev.postlude.queue.*",
          "dev.postlude.queue.handoff.*",
          "dev.postlude.queue.handoff.python.*",
          "dev.postlude.queue.page.*",
          "dev.postlude.queue.task.*",
          "dev.postlude.routing.*",
          "dev.postlude.server.*",
          "dev.postlude.test.*",
          "java.io.*",
          "java.net.*",
          "java.nio.charset.StandardCharsets",
          "java.nio.file.*",
          "java.security.SecureRandom",
          "java.sql.Connection",
          "java.time.*",
          "java.util.*",
          "java.util.concurrent.*",
          "java.util.concurrent.atomic.AtomicReference",
          "java.util.stream.IntStream",
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.extension.RegisterExtension",
          "org.junit.jupiter.api.io.TempDir",
          "static org.assertj.core.api.Assertions.*");

  /** A block that declares a type, and perhaps nothing before it but words about it. */
  private static final Pattern TYPE =
      Pattern.compile(
          "\\A(?:/\\*\\*.*?\\*/\\s*|//[^\n]*\\s*|@\\w+\\s+)*"
              + "(?:public |private |static |final |sealed |abstract )*"
              + "(?:class|record|interface|enum) (\\w+)",
          Pattern.DOTALL);

  /** An import of a block's own, which must be right by itself. */
  private static final Pattern IMPORT = Pattern.compile("(?m)^import [^;]+;\\R");

  private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();

  /** A source in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** What the compiler says against each block, in their order; empty for those that compile. */
  List<String> complaints(List<Block> blocks) throws IOException {
    List<Source> sources = new ArrayList<>();
    Map<Path, String> documents = new HashMap<>();
    for (Block block : blocks) {
      if (!documents.containsKey(block.file())) {
        String name = "Document" + documents.size();
        documents.put(block.file(), name);
        sources.add(source(name, Fragment.class.getName(), "", typesOf(block.file(), blocks)));
      }
      sources.add(parsed("Block" + blocks.indexOf(block), documents.get(block.file()), block));
    }
    Map<String, StringBuilder> said = new HashMap<>();
    for (Diagnostic<? extends JavaFileObject> each : errors(sources, true)) {
      said.computeIfAbsent(each.getSource().getName(), name -> new StringBuilder())
          .append(each.getMessage(Locale.ROOT))
          .append("\n    ")
          .append(lineOf(each))
          .append('\n');
    }
    return IntStream.range(0, blocks.size())
        .mapToObj(i -> said.getOrDefault("/Block" + i + ".java", new StringBuilder()).toString())
        .toList();
  }

  /** The types that a document's blocks declare, each once: the other blocks may use them. */
  private static String typesOf(Path document, List<Block> blocks) {
    Map<String, String> types = new HashMap<>();
    for (Block block : blocks) {
      Matcher type = TYPE.matcher(block.code());
      if (block.file().equals(document) && type.find()) {
        types.putIfAbsent(type.group(1), block.code());
      }
    }
    return String.join("\n", types.values());
  }

  private static String lineOf(Diagnostic<? extends JavaFileObject> error) {
    String[] lines = ((Source) error.getSource()).text.split("\n", -1);
    int line = (int) error.getLineNumber();
    return line < 1 || line > lines.length ? "" : lines[line - 1].strip();
  }

  /**
   * The first form of a block that the compiler can read; the first of all, if it can read none.
   */
  private Source parsed(String name, String document, Block block) throws IOException {
    String preamble = block.comment().startsWith("java:") ? block.comment().substring(5) : "";
    String code = block.code().replaceAll("(?<=\\(|, |-> |= )\\.\\.\\.(?=[),;]|$)", "any()");
    List<Source> forms =
        List.of(
            source(
                name,
                document,
                preamble,
                statements(code.replaceAll("(?m)^(private |public )?static ", ""))),
            source(name, document, preamble, code),
            source(name, document, preamble, statements(expressions(code))));
    for (Source form : forms) {
      if (errors(List.of(form), false).isEmpty()) {
        return form;
      }
    }
    return forms.get(0);
  }

  private static String statements(String code) {
    return "Object block() throws Exception { if (true) {\n" + code + "\n} return null; }";
  }

  /** Expressions without semicolons, each of which begins at the left edge. */
  private static String expressions(String code) {
    return code.replaceAll("(?m)\\s+//.*$", "")
        .replaceAll("(?m)^(?=\\.)", "response")
        .replaceAll("(?<=[\\w)])\n+(?=\\S)", ";\n")
        .replaceAll("(?<=[\\w)])\\s*$", ";");
  }

  private static Source source(String name, String parent, String preamble, String members) {
    StringBuilder text = new StringBuilder();
    Matcher own = IMPORT.matcher(members);
    if (own.find()) {
      own.reset().results().forEach(each -> text.append(each.group()));
    } else {
      IMPORTS.forEach(each -> text.append("import ").append(each).append(";\n"));
    }
    text.append("class " + name + " extends " + parent + " {\n");
    return new Source(
        name,
        text.append(preamble).append('\n').append(own.replaceAll("")).append("\n}\n").toString());
  }

  private List<Diagnostic<? extends JavaFileObject>> errors(List<Source> sources, boolean analyze)
      throws IOException {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            "-XDshould-stop.ifError=FLOW",
            "-Xmaxerrs",
            "1000");
    JavacTask task = (JavacTask) javac.getTask(null, null, said, options, null, sources);
    task.parse();
    if (analyze) {
      task.analyze();
    }
    return said.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .toList();
  }
}
