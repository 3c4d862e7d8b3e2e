package dev.postlude.benchmarks.http;

import java.util.List;

/**
 * A server that can be measured.
 *
 * @param key as it is said on the command line
 * @param title as it stands in the table
 * @param peer the name of its class, which is compiled only where its libraries are
 * @param mode which of its ways of calling handlers
 * @param release the first Java release that it runs on
 * @param libraries what its libraries' files begin with, beyond those that all get
 * @param taskStart when its after-response task is let go
 */
record Candidate(
    String key,
    String title,
    String peer,
    String mode,
    int release,
    List<String> libraries,
    String taskStart) {
  private static final String AFTER = "after the write";
  private static final String BEFORE = "before the write";
  private static final List<String> OURS = List.of("dev.postlude", "org.jspecify");
  private static final List<String> JOOBY =
      List.of("io.jooby", "com.typesafe", "jakarta.inject", "com.github.spotbugs");

  /** What the others are compared with. */
  static final Candidate BASE = of("netty", "raw Netty", "Netty", "", List.of(), AFTER);

  static final List<Candidate> ALL =
      List.of(
          BASE,
          of("netty-bytes", "raw Netty, bytes", "NettyBytes", "", List.of(), AFTER),
          of("postlude-loop", "Postlude, onEventLoop()", "Postlude", "loop", OURS, AFTER),
          of("postlude", "Postlude", "Postlude", "worker", OURS, AFTER),
          of("activej", "ActiveJ HTTP", "frameworks.Activej", "", List.of("io.activej"), BEFORE),
          of("jooby-loop", "Jooby, event loop", "frameworks.Jooby", "loop", JOOBY, AFTER),
          of("jooby", "Jooby, worker", "frameworks.Jooby", "worker", JOOBY, AFTER),
          of(
              "undertow",
              "Undertow",
              "frameworks.Undertow",
              "",
              List.of("io.undertow", "org.jboss", "org.wildfly", "io.smallrye"),
              AFTER),
          of("vertx", "Vert.x-web", "frameworks.Vertx", "", List.of("io.vertx"), AFTER),
          of("helidon", "Helidon SE", "frameworks.Helidon", "", List.of("io.helidon"), AFTER)
              .since(21),
          of(
              "javalin",
              "Javalin (Jetty)",
              "frameworks.Javalin",
              "",
              List.of("io.javalin", "org.eclipse", "jakarta", "org.jetbrains.kotlin", "org.ow2"),
              BEFORE));

  private static Candidate of(
      String key,
      String title,
      String peer,
      String mode,
      List<String> libraries,
      String taskStart) {
    String name = Candidate.class.getPackageName() + ".peers." + peer + "Peer";
    return new Candidate(key, title, name, mode, 17, libraries, taskStart);
  }

  private Candidate since(int release) {
    return new Candidate(key, title, peer, mode, release, libraries, taskStart);
  }

  /** Ours alone, with so many routes, for {@link Growth}. */
  static Candidate growing(int routes) {
    return of("growth-" + routes, "Postlude", "Growth", Integer.toString(routes), OURS, AFTER);
  }

  /** Whether it is one of ours. */
  boolean isOurs() {
    return libraries.equals(OURS);
  }

  /** Whether it was compiled into this jar. */
  boolean isThere() {
    return Candidate.class.getResource("/" + peer.replace('.', '/') + ".class") != null;
  }
}
