package dev.postlude.test;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The client where JUnit Jupiter is there: an extension too. No other class knows JUnit. */
final class JUnitTestClient extends TestClient
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver {
  JUnitTestClient(RunningApp app, Settings settings) {
    super(app, settings);
  }

  /** Called for a static field only, and again for each nested class. */
  @Override
  public void beforeAll(ExtensionContext context) {
    app().enter();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    app().leave(settings());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    app().enter();
    app().scope.begin();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      if (!app().leave(settings())) {
        app().endTest(settings());
      }
    } finally {
      app().scope.end();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return this;
  }
}
