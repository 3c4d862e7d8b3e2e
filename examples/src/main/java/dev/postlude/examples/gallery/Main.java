package dev.postlude.examples.gallery;

import dev.postlude.App;
import dev.postlude.examples.Conformance;
import dev.postlude.server.PortUnavailableException;
import dev.postlude.server.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Starts the gallery, or the example that is named, for this machine only. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    try {
      run(new ArrayList<>(List.of(args)));
    } catch (IllegalArgumentException | PortUnavailableException e) {
      System.err.println(e.getMessage());
      System.err.println("usage: java -jar postlude-examples.jar [NAME] [--port N | --worker]");
      System.err.println(
          Catalogue.all()
              .map(Example::name)
              .collect(Collectors.joining(", ", "NAME is one of: ", "")));
      System.exit(2);
    }
  }

  private static void run(List<String> words) throws Exception {
    if (words.remove("--worker")) {
      work(words);
      return;
    }
    OptionalInt port = port(words);
    if (words.size() == 2 && words.get(0).equals("conformance")) {
      port = port(new ArrayList<>(List.of("--port", words.remove(1))));
    }
    if (words.equals(List.of("conformance"))) {
      Conformance.run(port.orElse(8080));
    } else if (words.isEmpty()) {
      gallery(port);
    } else if (words.size() == 1) {
      alone(named(words.get(0)), port);
    } else {
      throw new IllegalArgumentException("name one example, or none for the gallery");
    }
  }

  private static void work(List<String> words) throws Exception {
    Example example = named(String.join(" ", words));
    Example.Program worker = example.worker();
    if (worker == null) {
      throw new IllegalArgumentException(
          Catalogue.all()
              .filter(each -> each.worker() != null)
              .map(Example::name)
              .collect(Collectors.joining(", ", "--worker stands behind one of: ", "")));
    }
    example.lookForBroker();
    worker.start("--worker");
  }

  private static Example named(String name) {
    return Catalogue.find(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no example " + name));
  }

  /** Takes {@code --port N} out of the words. */
  private static OptionalInt port(List<String> words) {
    int at = words.indexOf("--port");
    if (at < 0) {
      return OptionalInt.empty();
    }
    if (at + 1 == words.size() || !words.get(at + 1).matches("\\d{1,5}")) {
      throw new IllegalArgumentException("--port wants a number from 0 to 65535");
    }
    words.remove(at);
    return OptionalInt.of(Integer.parseInt(words.remove(at)));
  }

  private static void gallery(OptionalInt port) {
    String base = start(Gallery.app(), port);
    System.out.println("The gallery is open: " + base + "/");
    System.out.println("\nWithout a browser, try this, and watch what happens here afterwards:\n");
    Example signup = Catalogue.find("signup").orElseThrow();
    System.out.println("  " + signup.tries().get(0).curl(base + signup.path()) + "\n");
  }

  private static void alone(Example example, OptionalInt port) throws Exception {
    example.lookForBroker();
    String base = start(example.app().call(), port);
    System.out.println(example.idea());
    List<String> beside = example.beside(base);
    if (!beside.isEmpty()) {
      System.out.println("\nIn other terminals:\n");
      beside.forEach(line -> System.out.println("  " + line));
    }
    System.out.println("\nTry it, and watch what happens here afterwards:\n");
    example.tries().forEach(each -> System.out.println("  " + each.line(base)));
    System.out.println();
  }

  private static String start(App app, OptionalInt port) {
    boolean secure = app.server().tlsKey().isPresent();
    Server server =
        app.with(app.server().port(port.orElse(app.server().port())).host("127.0.0.1")).start();
    return (secure ? "https" : "http") + "://127.0.0.1:" + server.port();
  }
}
