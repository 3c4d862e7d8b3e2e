package dev.postlude.examples.docs;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles blocks as what they are: statements, members of a class, or expressions one below the
 * other. Each stands in a class that extends {@link Fragment}, where the names are that documents
 * take for granted. An ellipsis stands for any value.
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
          "dev.postlude.routing.*",
          "dev.postlude.server.*",
          "dev.postlude.test.*",
          "java.io.*",
          "java.net.*",
          "java.nio.file.*",
          "java.time.*",
          "java.util.*",
          "java.util.concurrent.*",
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.extension.RegisterExtension",
          "static org.assertj.core.api.Assertions.*");

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
    Map<String, StringBuilder> said = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      Source source = parsed("Block" + i, blocks.get(i));
      sources.add(source);
      said.put(source.getName(), new StringBuilder());
    }
    for (Diagnostic<? extends JavaFileObject> each : errors(sources, true)) {
      said.get(each.getSource().getName())
          .append(each.getMessage(Locale.ROOT))
          .append("\n    ")
          .append(lineOf(each))
          .append('\n');
    }
    return sources.stream().map(source -> said.get(source.getName()).toString()).toList();
  }

  private static String lineOf(Diagnostic<? extends JavaFileObject> error) {
    String[] lines = ((Source) error.getSource()).text.split("\n", -1);
    int line = (int) error.getLineNumber();
    return line < 1 || line > lines.length ? "" : lines[line - 1].strip();
  }

  /** The first form of a block that the compiler can read; the last, if it can read none. */
  private Source parsed(String name, Block block) throws IOException {
    String preamble = block.comment().startsWith("java:") ? block.comment().substring(5) : "";
    String code = block.code().replaceAll("(?<=\\(|, |-> |= )\\.\\.\\.(?=[),;]|$)", "any()");
    List<Source> forms =
        List.of(
            source(
                name, preamble, statements(code.replaceAll("(?m)^(private |public )?static ", ""))),
            source(name, preamble, code),
            source(name, preamble, statements(expressions(code))));
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

  private static Source source(String name, String preamble, String members) {
    StringBuilder text = new StringBuilder();
    IMPORTS.forEach(each -> text.append("import ").append(each).append(";\n"));
    text.append("class " + name + " extends dev.postlude.examples.docs.Fragment {\n");
    return new Source(
        name, text.append(preamble).append('\n').append(members).append("\n}\n").toString());
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
