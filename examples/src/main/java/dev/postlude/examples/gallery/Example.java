package dev.postlude.examples.gallery;

import dev.postlude.App;
import dev.postlude.routing.Routes;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A program of this module, as the gallery shows it and the command line starts it.
 *
 * @param source the name of its class
 * @param idea one or two sentences
 * @param routes what the gallery mounts, or null where it wants a process of its own
 * @param app the program when it runs alone
 */
record Example(
    String source,
    String idea,
    Routes.@Nullable Body<RuntimeException> routes,
    Supplier<App> app,
    List<Try> tries) {

  /** Its name in addresses and on the command line: {@code write-log} for {@code WriteLog}. */
  String name() {
    return source.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** Where the gallery mounts it. */
  String path() {
    return "/examples/" + name();
  }
}
