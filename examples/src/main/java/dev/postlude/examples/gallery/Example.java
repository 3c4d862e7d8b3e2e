package dev.postlude.examples.gallery;

import dev.postlude.App;
import dev.postlude.routing.Routes;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program of this module, as the gallery shows it and the command line starts it.
 *
 * @param source the name of its class
 * @param idea one or two sentences
 * @param routes what the gallery mounts, or null where it wants a process of its own
 * @param app the program when it runs alone
 * @param worker what runs with {@code --worker}, or null where there is none
 * @param broker the server that it wants, or null
 * @param beside what is to be started beside it, a line each; {@code {base}} is its address
 */
record Example(
    String source,
    String idea,
    Routes.@Nullable Body<RuntimeException> routes,
    Callable<App> app,
    List<Try> tries,
    @Nullable Program worker,
    @Nullable Broker broker,
    List<String> beside) {

  /** A main method. */
  @FunctionalInterface
  interface Program {
    void start(String... arguments) throws Exception;
  }

  Example(
      String source,
      String idea,
      Routes.@Nullable Body<RuntimeException> routes,
      Callable<App> app,
      List<Try> tries) {
    this(source, idea, routes, app, tries, null, null, List.of());
  }

  Example worker(Program main) {
    return new Example(source, idea, routes, app, tries, main, broker, beside);
  }

  Example broker(Broker wanted) {
    return new Example(source, idea, routes, app, tries, worker, wanted, beside);
  }

  Example beside(String... lines) {
    return new Example(source, idea, routes, app, tries, worker, broker, List.of(lines));
  }

  /** Says so when the server that it wants is missing. */
  void lookForBroker() {
    if (broker != null) {
      broker.warnIfMissing();
    }
  }

  /** The lines for other terminals. */
  List<String> beside(String base) {
    Stream<String> work = worker == null ? Stream.of() : Stream.of(Jar.line(name() + " --worker"));
    return Stream.concat(work, beside.stream().map(line -> line.replace("{base}", base))).toList();
  }

  /** Its name in addresses and on the command line: {@code write-log} for {@code WriteLog}. */
  String name() {
    return source.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** Where the gallery mounts it. */
  String path() {
    return "/examples/" + name();
  }
}
