package dev.postlude.benchmarks;

import dev.postlude.benchmarks.http.Growth;
import dev.postlude.benchmarks.http.HttpComparison;
import java.util.Arrays;

/** The door to all kinds of benchmark. */
public final class Main {
  private static final String USAGE =
      """
      java -jar benchmarks/target/postlude-benchmarks.jar http [options]   compare HTTP servers side by side
      java -jar benchmarks/target/postlude-benchmarks.jar growth           how our cost grows with routes, connections, fields, bodies
      java -jar benchmarks/target/postlude-benchmarks.jar jmh [options]    micro-benchmarks, JMH's own options

      'http --help' and 'jmh -h' tell the options.
      """;

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    String which = arguments.length == 0 ? "" : arguments[0];
    String[] rest = Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
    switch (which) {
      case "http" -> System.exit(HttpComparison.run(rest));
      case "growth" -> System.exit(Growth.run(rest));
      case "jmh" -> org.openjdk.jmh.Main.main(rest);
      default -> {
        System.err.print(USAGE);
        System.exit(2);
      }
    }
  }
}
