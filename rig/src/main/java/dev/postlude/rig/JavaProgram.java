package dev.postlude.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another JVM with our own class path. */
public final class JavaProgram {
  private JavaProgram() {}

  public static Child start(Class<?> main, String... arguments) throws IOException {
    return start(main, Map.of(), arguments);
  }

  /** Starts one with these variables on top of our own. */
  public static Child start(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    Path folder = Programs.folder("jvm");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + folder, // what one that is killed leaves behind goes, too
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return Child.start(folder, environment, command);
  }
}
