package dev.postlude.examples.gallery;

/** The jar that all examples are in. */
final class Jar {
  private Jar() {}

  /** The line that starts it with these words: by the path that it was started by, if it was. */
  static String line(String words) {
    String path = System.getProperty("java.class.path");
    boolean started = path.endsWith(".jar") && !path.contains(System.getProperty("path.separator"));
    return "java -jar " + (started ? path : "examples/target/postlude-examples.jar") + " " + words;
  }
}
