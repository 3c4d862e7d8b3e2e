package dev.postlude.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Under which numbers were made, in words: without them they mean nothing. */
final class Conditions {
  private Conditions() {}

  static Map<String, String> describe(Options options, Jdk jdk, List<String> flags) {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    conditions.put("commit", commit());
    conditions.put(
        "machine",
        processor()
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores shared by server and load generator, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version"));
    conditions.put("Java", jdk.vendor() + " " + jdk.version() + ", " + String.join(" ", flags));
    conditions.put(
        "load",
        "wrk, 1 thread, %d connections kept alive, loopback; %d s a measurement, %d rounds in rotation after %d s of warm-up a row"
            .formatted(
                options.connections(), options.seconds(), options.rounds(), options.warmUp()));
    conditions.put(
        "load at a fixed rate", "h2load, %,d requests a second".formatted(options.rate()));
    return conditions;
  }

  private static String commit() {
    String hash = said("git", "rev-parse", "--short", "HEAD");
    if (hash.isEmpty()) {
      return "unknown";
    }
    return hash
        + (said("git", "status", "--porcelain").isEmpty() ? "" : " and a changed working tree");
  }

  private static String said(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String processor() {
    Path description = Path.of("/proc/cpuinfo");
    try {
      if (Files.isReadable(description)) {
        for (String line : Files.readAllLines(description)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      }
    } catch (IOException e) {
      // then its kind has to do
    }
    return System.getProperty("os.arch");
  }
}
