package dev.postlude.test;

/** JUnit Jupiter, where it is on the class path. */
final class JUnit {
  private static final boolean PRESENT = isPresent();

  private JUnit() {}

  /** Makes a client, which is an extension of JUnit if it can be. */
  static TestClient client(RunningApp app, Settings settings) {
    return PRESENT ? Extension.client(app, settings) : new TestClient(app, settings);
  }

  private static boolean isPresent() {
    try {
      Class.forName("org.junit.jupiter.api.extension.ParameterResolver");
      return true;
    } catch (ClassNotFoundException | LinkageError absent) {
      return false;
    }
  }

  /** Loaded only where JUnit is: to verify it takes the class that it makes. */
  private static final class Extension {
    static TestClient client(RunningApp app, Settings settings) {
      return new JUnitTestClient(app, settings);
    }
  }
}
