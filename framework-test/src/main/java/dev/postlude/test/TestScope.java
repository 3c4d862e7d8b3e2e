package dev.postlude.test;

import java.util.function.Predicate;

/**
 * Whose calls they are: those of one test, which its own threads make, or of {@link #NOBODY}.
 *
 * <p>A test is known to the thread that begins it, and to those that this one starts. Other
 * threads, a pool's for example, make calls of nobody; what these and tests of the past left behind
 * concerns every test.
 */
final class TestScope {
  static final TestScope NOBODY = new TestScope();

  /** Tells threads which test is theirs. */
  static final class Current {
    @SuppressWarnings("ThreadLocalUsage") // one for each app: a test may have several
    private final ThreadLocal<TestScope> scopes = new InheritableThreadLocal<>();

    /** Begins a test on this thread. */
    void begin() {
      scopes.set(new TestScope());
    }

    /** Ends the test of this thread. */
    void end() {
      TestScope scope = scopes.get();
      if (scope != null) {
        scope.over = true;
      }
      scopes.remove();
    }

    TestScope get() {
      TestScope scope = scopes.get();
      return scope == null || scope.over ? NOBODY : scope;
    }
  }

  private volatile boolean over;

  private TestScope() {}

  /** Picks the calls that concern this test. */
  Predicate<Call> calls() {
    return call -> call.scope == this || call.scope == NOBODY || call.scope.over;
  }
}
