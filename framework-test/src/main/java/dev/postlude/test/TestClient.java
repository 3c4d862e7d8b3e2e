package dev.postlude.test;

import dev.postlude.App;
import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.server.Server;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Objects;

/**
 * A client for tests of an app: runs it for real, and its calls return after the background tasks.
 *
 * <pre>{@code
 * try (var client = TestClient.of(app)) {
 *   var response = client.post("/signup", new Signup("a@example.org"));
 *   assertThat(response.status()).isEqualTo(201);
 *   assertThat(mailbox).hasSize(1); // its tasks have run
 * }
 * }</pre>
 *
 * <p>The first call starts the app on a free port of the loopback address, over the same transport
 * as in production and with all its own options; {@link #close} stops it. Plain calls go through
 * the JDK's HTTP client; {@link #given} is REST-assured. Handlers see one header more than the test
 * sent: {@code Postlude-Test-Call}.
 *
 * <h2>The promise</h2>
 *
 * <p>A call returns when its response is there <em>and</em> the finish hooks and background tasks
 * of its own request have ended: their retries and delays included, those of other requests not.
 * There is no moment at which a task could be missed: it is counted before the response is written.
 * A task that failed for good fails the test, with an {@link AssertionError} that names it; one
 * that failed, was retried and then succeeded does not, nor does one that was skipped or rejected.
 *
 * <ul>
 *   <li>{@link #awaitAccepted}: for the tasks of a queue, which outlive the request.
 *   <li>{@link #raiseBackgroundErrors raiseBackgroundErrors(false)}: failures are left to {@link
 *       TestResponse#tasks()}.
 *   <li>{@link #fireAndForget()}: calls do not wait. {@link #awaitBackground()} does; so does the
 *       end of the test, which a failure that nobody has been told of fails.
 *   <li>{@link #hold()}: no task starts before {@link #release()}, and calls do not wait for them.
 *   <li>{@link #clock clock(TestTimer.skipping())}: delays and retries take no time.
 *   <li>{@link #keepingCookies()}, {@link #secure()}: as browsers do it.
 *   <li>{@link #waitAtMost}: how long anything may take; 10 seconds when not said.
 * </ul>
 *
 * <p>{@code fireAndForget}, {@code keepingCookies}, {@code raiseBackgroundErrors} and {@code
 * waitAtMost} return another client of the same running app, and leave this one as it is. Closing
 * any of them closes the app.
 *
 * <h2>JUnit</h2>
 *
 * <p>Where JUnit Jupiter is on the class path a client is an extension as well. It starts with the
 * first call and stops after the last test; each test ends when its tasks have; and a test method
 * may take the client as a parameter.
 *
 * <pre>{@code
 * @RegisterExtension static final TestClient client = TestClient.of(app);
 * }</pre>
 *
 * <p>Safe for tests in parallel: a call waits for its own tasks only, and a test answers for its
 * own calls. What one test holds, calls of other tests wait for. Threads that a test did not start
 * itself, a pool's for example, make calls that every test answers for.
 *
 * <p>Thread-safe. All methods that call, wait or close block.
 */
public class TestClient implements AutoCloseable {
  private final RunningApp app;
  private final Settings settings;

  TestClient(RunningApp app, Settings settings) {
    this.app = app;
    this.settings = settings;
  }

  /** Makes a client of an app, which is started by the first call. */
  public static TestClient of(App app) {
    Objects.requireNonNull(app, "TestClient.of() needs an app.");
    boolean secure = app.server().tlsCertificate().isPresent();
    RunningApp running = new RunningApp(app, null, null);
    return make(secure ? running.secured() : running, Settings.USUAL);
  }

  private static TestClient make(RunningApp app, Settings settings) {
    return JUnit.client(app, settings);
  }

  // ------------------------------------------------------------------------ settings

  /**
   * Returns a client whose app runs by this clock. To be said before the first call.
   *
   * @throws IllegalStateException if the app is running already
   */
  public TestClient clock(TestTimer clock) {
    Objects.requireNonNull(clock, "clock() needs a timer, such as TestTimer.skipping().");
    return make(app.with(clock), settings);
  }

  /**
   * Returns a client whose app speaks TLS, with a certificate for this one run, and HTTP/2 over it.
   * To be said before the first call; an app that has TLS among its own options needs not be told.
   *
   * @throws IllegalStateException if the app is running already
   */
  public TestClient secure() {
    return make(app.secured(), settings);
  }

  /**
   * Returns a client of the same app, with no cookies yet, that keeps those which its calls are
   * answered with and sends them back, as a browser does.
   */
  public TestClient keepingCookies() {
    return make(app, settings.keepingCookies());
  }

  /** Returns a client of the same app for whom a failed task does, or does not, fail the test. */
  public TestClient raiseBackgroundErrors(boolean raise) {
    return make(app, settings.raising(raise));
  }

  /** Returns a client of the same app whose calls return with the response. */
  public TestClient fireAndForget() {
    return make(app, settings.notWaiting());
  }

  /**
   * Returns a client of the same app that waits this long at most: for a response, and then for its
   * tasks. 10 seconds when not said.
   *
   * @throws IllegalArgumentException if not more than zero
   */
  public TestClient waitAtMost(Duration patience) {
    return make(app, settings.waitingAtMost(patience));
  }

  // ------------------------------------------------------------------------ calls

  /** Calls with {@code GET}. */
  public TestResponse get(String path) {
    return request(Method.GET, path).send();
  }

  /** Calls with {@code HEAD}. */
  public TestResponse head(String path) {
    return request(Method.HEAD, path).send();
  }

  /** Calls with {@code DELETE}. */
  public TestResponse delete(String path) {
    return request(Method.DELETE, path).send();
  }

  /** Calls with {@code OPTIONS}. */
  public TestResponse options(String path) {
    return request(Method.OPTIONS, path).send();
  }

  /** Calls with {@code POST}, without a body. */
  public TestResponse post(String path) {
    return request(Method.POST, path).send();
  }

  /**
   * Calls with {@code POST}. A {@code byte[]} is sent as it is, a {@code String} as plain text, and
   * anything else as JSON.
   */
  public TestResponse post(String path, Object body) {
    return request(Method.POST, path).content(body).send();
  }

  /** Calls with {@code PUT} and a body as {@link #post(String, Object)} takes it. */
  public TestResponse put(String path, Object body) {
    return request(Method.PUT, path).content(body).send();
  }

  /** Calls with {@code PATCH} and a body as {@link #post(String, Object)} takes it. */
  public TestResponse patch(String path, Object body) {
    return request(Method.PATCH, path).content(body).send();
  }

  /**
   * Begins a call that needs more saying: {@code client.request(Method.POST, "/x").header("Accept",
   * "text/csv").json(order).send()}.
   *
   * @param path the path and perhaps a query, percent-encoded
   */
  public TestRequest request(Method method, String path) {
    return new TestRequest(new PlainHttp(app, settings), method, path, Headers.empty(), null);
  }

  /** Opens a stream of server-sent events; {@link TestRequest#events} on a request says more. */
  public TestEvents events(String path) {
    return request(Method.GET, path).events();
  }

  /** Opens a WebSocket; {@link TestRequest#webSocket} on a request says more. */
  public TestWebSocket webSocket(String path) {
    return request(Method.GET, path).webSocket();
  }

  /**
   * Begins a call with REST-assured, with the app as its base URI: {@code
   * client.given().queryParam("q", "tea").get("/search").then().statusCode(200)}. It keeps the same
   * promise as plain calls, and the same cookies; what its tasks came to is to be asked of plain
   * calls only.
   */
  public RequestSpecification given() {
    return AfterwardsFilter.given(app, settings);
  }

  // ------------------------------------------------------------------------ afterwards

  /**
   * Keeps hooks and tasks from starting until {@link #release()}; what runs already goes on. Until
   * then the calls of this test return with their responses: which shows that these came first.
   */
  public void hold() {
    app.hold(settings);
  }

  /**
   * Lets go what {@link #hold()} kept, and waits for it as a call would have.
   *
   * @throws IllegalStateException if this test holds nothing
   * @throws AssertionError if a task failed, or they do not end in time
   */
  public void release() {
    if (!app.release()) {
      throw new IllegalStateException("Nothing is held: hold() comes before release().");
    }
    if (settings.waits()) {
      app.settle(settings);
    }
  }

  /**
   * Asks at the {@code Location} of a 202 how far the work is, until it has come to its end: what a
   * client of the app does. For tasks that a queue has stored, whose calls return as soon as they
   * are let go, and for work in other processes.
   *
   * @return the result, or the last that was told where there is none
   * @throws AssertionError if there is no {@code Location}, if the work failed, or if it does not
   *     end in time
   */
  public TestResponse awaitAccepted(TestResponse accepted) {
    return new Accepted(this, accepted).end();
  }

  /**
   * Waits until the background tasks of all calls of this test have ended, and of those that belong
   * to no test.
   *
   * @throws AssertionError if a task failed that the test has not been told of, or if they do not
   *     end in time: names what is still running, and shows where
   * @throws IllegalStateException if they are held
   */
  public void awaitBackground() {
    app.settle(settings);
  }

  /** Waits as {@link #awaitBackground()} does, this long at most. */
  public void awaitBackground(Duration atMost) {
    waitAtMost(atMost).awaitBackground();
  }

  /** Returns the port of the app, for clients of another kind; starts it if need be. */
  public int port() {
    return server().port();
  }

  /** Returns the running server, with its statistics; starts it if need be. */
  public Server server() {
    return app.server(settings);
  }

  /**
   * Waits for the tasks that are left, and stops the app. Nothing happens if it is not running.
   *
   * <p>A handler that is still at it, whose call has failed by then, is waited for as in
   * production: up to the app's own {@code requestDrain}, 10 seconds when not said. Its finish
   * hooks and tasks run if it returns; else it is interrupted.
   *
   * @throws AssertionError as {@link #awaitBackground()} does; the app has been stopped all the
   *     same
   */
  @Override
  public void close() {
    app.close(settings);
  }

  RunningApp app() {
    return app;
  }

  Settings settings() {
    return settings;
  }
}
