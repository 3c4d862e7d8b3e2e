package dev.postlude.test;

import dev.postlude.App;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import dev.postlude.test.Call.Arrival;
import dev.postlude.test.Calls.Left;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The app under test, on a port of its own from the first call until it is closed. Several clients,
 * which differ in their settings, may share it.
 *
 * <p>The app is run as it is, by its own server. What is changed: it listens on a free port of the
 * loopback address, leaves signals alone, has a filter around it that marks requests, and a
 * listener that hears of their tasks.
 *
 * <p>Thread-safe.
 */
final class RunningApp {
  // One for all, since nothing ends its threads before the garbage collector does.
  private static final HttpClient HTTP = builder().version(HttpClient.Version.HTTP_1_1).build();

  final Calls calls = new Calls();
  final TestScope.Current scope = new TestScope.Current();
  private final App app;
  private final @Nullable TestTimer timer;
  private final @Nullable SelfSigned tls;
  private final Waiting waiting;
  private final AtomicInteger handling = new AtomicInteger();

  // All are guarded by this.
  private @Nullable Server server;
  private @Nullable HttpClient http;
  private boolean closed;
  private int uses;

  RunningApp(App app, @Nullable TestTimer timer, @Nullable SelfSigned tls) {
    this.app = app;
    this.timer = timer;
    this.tls = tls;
    this.waiting = new Waiting(calls, timer);
  }

  /** The same app with another clock; not running. */
  RunningApp with(TestTimer clock) {
    if (isRunning()) {
      throw new IllegalStateException(
          "The app is running by its clock already: say clock() right after TestClient.of(app).");
    }
    return new RunningApp(app, clock, tls);
  }

  /** The same app over TLS; not running. */
  RunningApp secured() {
    if (isRunning()) {
      throw new IllegalStateException(
          "The app is running already: say secure() right after TestClient.of(app).");
    }
    return new RunningApp(app, timer, SelfSigned.make());
  }

  /** What makes calls of it. */
  synchronized HttpClient http(Settings settings) {
    server(settings);
    if (tls == null) {
      return HTTP;
    }
    if (http == null) {
      http = builder().version(HttpClient.Version.HTTP_2).sslContext(tls.trust()).build();
    }
    return http;
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY);
  }

  private synchronized boolean isRunning() {
    return server != null;
  }

  /** Returns the server, started if it was not. */
  synchronized Server server(Settings settings) {
    if (closed) {
      throw new IllegalStateException(
          "This TestClient has been closed, and its app with it: make another one.");
    }
    if (server == null) {
      server = start(settings);
    }
    return server;
  }

  private Server start(Settings settings) {
    App marked =
        app.with(this::mark)
            .with(app.server().host("127.0.0.1").port(0).stopOnSignal(false))
            .with(app.background().listener(calls));
    if (tls == null) {
      return start(marked, settings);
    }
    return tls.inFiles(
        (certificate, key) -> start(marked.with(marked.server().tls(certificate, key)), settings));
  }

  private Server start(App marked, Settings settings) {
    if (timer == null) {
      return marked.start();
    }
    timer.attach(due -> waiting.fire(due, settings.patience()));
    try {
      return marked.with(marked.background().timer(timer)).start();
    } catch (RuntimeException | Error failed) {
      timer.detach();
      throw failed;
    }
  }

  private Response mark(Request request, Handler next) throws Exception {
    Arrival arrival = calls.arrived(request);
    arrival.handledBy(Thread.currentThread());
    handling.incrementAndGet();
    try {
      return next.handle(Calls.marked(request, arrival));
    } finally {
      handling.decrementAndGet();
      arrival.handledBy(null);
    }
  }

  /** Begins a call of this thread's test. */
  Call call(String name, Settings settings) {
    Call call = new Call(name, scope.get(), settings.raises());
    calls.expect(call);
    return call;
  }

  /** Makes what a test fails with that got no response in time. */
  AssertionError unanswered(Call call, Throwable late, Settings settings) {
    Throwable where = calls.whereHandled(call);
    return new AssertionError(
        call.name
            + " had not been answered after "
            + settings.patience()
            + (where == null ? ": no thread is in its handler." : ": its handler is still at it.")
            + " To wait longer say waitAtMost(Duration).",
        where == null ? late : where);
  }

  /** Does for a call, after its response, what its client promised. */
  void follow(Call call, Settings settings) {
    if (settings.waits()) {
      waiting.settle(each -> each == call, call.scope, settings.patience());
      raise(each -> each == call, settings);
    }
  }

  /** Waits for all that concerns this thread's test. */
  void settle(Settings settings) {
    TestScope here = scope.get();
    if (waiting.isHeldBy(here)) {
      throw new IllegalStateException(
          "Tasks are held, so waiting for them would take for ever: release() them first.");
    }
    waiting.settle(here.calls(), here, settings.patience());
    raise(here.calls(), settings);
  }

  private void raise(Predicate<Call> which, Settings settings) {
    Optional<AssertionError> failure = calls.takeFailures(which);
    if (failure.isPresent() && settings.raises()) {
      throw failure.get();
    }
  }

  void hold(Settings settings) {
    waiting.hold(scope.get(), server(settings).background());
  }

  /** Lets go what this thread's test holds; false if it holds nothing. */
  boolean release() {
    Server running = runningServer();
    return running != null && waiting.release(scope.get(), running.background());
  }

  private synchronized @Nullable Server runningServer() {
    return server;
  }

  /** Lets go what this thread's test has left held, and waits as {@link #settle} does. */
  void endTest(Settings settings) {
    release();
    settle(settings);
  }

  /** Says that it is used, by a test or a class of tests. It may have been closed before. */
  synchronized void enter() {
    uses++;
    closed = false;
  }

  /** Says that it is not used any more. If nobody uses it, closes it and returns true. */
  boolean leave(Settings settings) {
    synchronized (this) {
      uses--;
      if (uses > 0) {
        return false;
      }
    }
    close(settings);
    return true;
  }

  /** Stops the app once its tasks have ended, or patience has, which is a failure. */
  void close(Settings settings) {
    Server running;
    synchronized (this) {
      closed = true;
      running = server;
      server = null;
    }
    if (running == null) {
      return;
    }
    try {
      waiting.releaseAll(running.background());
      waiting.settle(call -> true, null, settings.patience());
      raise(call -> true, settings);
    } finally {
      if (handling.get() == 0 || calls.left(call -> true) != Left.NOTHING) {
        running.background().shutdown(Duration.ZERO); // what is left has had its time
      }
      running.close();
      calls.clear();
      if (timer != null) {
        timer.detach();
      }
    }
  }
}
