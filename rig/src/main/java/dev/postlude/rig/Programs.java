package dev.postlude.rig;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where the programs are that the live tests need. */
final class Programs {
  private Programs() {}

  /** Finds the first of these that is there, or else skips the test, and says so loudly. */
  static String need(String debianPackage, String... paths) {
    return Stream.of(paths)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElseGet(() -> skip(debianPackage));
  }

  /** Finds a Python that has these modules, or else skips the test. */
  static String needPython(String debianPackages, String modules) {
    return Stream.of(
            Optional.ofNullable(System.getenv("POSTLUDE_PYTHON")).orElse("/usr/bin/python3"),
            "python3")
        .filter(python -> runs(List.of(python, "-c", "import " + modules)))
        .findFirst()
        .orElseGet(() -> skip(debianPackages));
  }

  private static boolean runs(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String skip(String debianPackages) {
    String sentence = "NOT TESTED, something is missing: apt-get install " + debianPackages;
    System.err.println(sentence);
    return abort(sentence);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder(String name) {
    try {
      Path folder = Files.createTempDirectory("postlude-" + name);
      AtTheEnd.delete(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
