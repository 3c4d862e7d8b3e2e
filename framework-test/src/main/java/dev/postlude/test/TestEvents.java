package dev.postlude.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server-sent events of one response, as they come in: the HTML standard, section 9.2.
 *
 * <pre>{@code
 * try (TestEvents events = client.events("/ticks")) {
 *   assertThat(events.next().data()).isEqualTo("1");
 * }
 * }</pre>
 *
 * <p>{@link #next} and the loop {@code for (TestEvent event : events)} wait for each event as long
 * as the client waits for anything, and fail then. Closing it leaves, as a browser's tab does, and
 * keeps the promise of {@link TestClient}: it returns when the request's background tasks have
 * ended. So does coming to the end of the stream.
 *
 * <p>For one thread.
 */
public final class TestEvents implements Iterable<TestEvent>, AutoCloseable {
  private final String name;
  private final Duration patience;
  private final Lines lines = new Lines();
  private final List<Runnable> leaving = new ArrayList<>(2);
  private @Nullable TestEvent ahead;
  private boolean over;

  TestEvents(String name, Duration patience) {
    this.name = name;
    this.patience = patience;
  }

  /** What is written to as the lines of the response come in. */
  Flow.Subscriber<String> lines() {
    return lines;
  }

  /** Has something done, once, when it has ended or been closed. */
  void atEnd(Runnable action) {
    leaving.add(action);
  }

  /**
   * Returns the next event; waits for it.
   *
   * @throws AssertionError if none comes in time, the stream ends or breaks off; or, at its end, if
   *     a task failed
   */
  public TestEvent next() {
    if (!hasNext()) {
      throw new AssertionError(name + " has no further event: the stream has ended.");
    }
    TestEvent event = ahead;
    ahead = null;
    return event == null ? next() : event;
  }

  /**
   * Returns what is left, up to the end of the stream.
   *
   * @throws AssertionError as {@link #next()} does, but for the end
   */
  public List<TestEvent> rest() {
    List<TestEvent> rest = new ArrayList<>();
    forEach(rest::add);
    return rest;
  }

  private boolean hasNext() {
    if (ahead != null) {
      return true;
    }
    if (over) {
      return false;
    }
    Object news = lines.take(patience);
    if (news instanceof TestEvent event) {
      ahead = event;
      return true;
    }
    if (news == null) {
      throw new AssertionError(
          name + " sent no event for " + patience + ". To wait longer say waitAtMost(Duration).");
    }
    close();
    if (news instanceof Throwable broken) {
      throw new AssertionError(name + " broke off in the middle of its events.", broken);
    }
    return false;
  }

  @Override
  public Iterator<TestEvent> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return TestEvents.this.hasNext();
      }

      @Override
      public TestEvent next() {
        if (!hasNext()) {
          throw new NoSuchElementException("The stream has ended.");
        }
        return TestEvents.this.next();
      }
    };
  }

  /**
   * Leaves, and waits for the background tasks. Nothing happens if the stream has ended.
   *
   * @throws AssertionError if a task failed, or they do not end in time
   */
  @Override
  public void close() {
    if (!over) {
      over = true;
      lines.leave();
      leaving.forEach(Runnable::run);
    }
  }

  /** Makes events of lines. Called by the HTTP client's threads, one at a time. */
  private static final class Lines implements Flow.Subscriber<String> {
    private static final String END = "end";

    private final BlockingQueue<Object> news = new LinkedBlockingQueue<>();
    private final StringBuilder data = new StringBuilder();
    private String id = "";
    private String type = "";
    private volatile Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String rest = colon < 0 ? "" : line.substring(colon + 1);
      String value = rest.startsWith(" ") ? rest.substring(1) : rest;
      if (line.isEmpty()) {
        dispatch();
      } else if (field.equals("data")) {
        data.append(value).append('\n');
      } else if (field.equals("event")) {
        type = value;
      } else if (field.equals("id")) {
        id = value;
      }
    }

    private void dispatch() {
      if (!data.isEmpty()) {
        data.setLength(data.length() - 1);
        news.add(new TestEvent(id, type.isEmpty() ? "message" : type, data.toString()));
      }
      data.setLength(0);
      type = "";
    }

    @Override
    public void onError(Throwable broken) {
      news.add(broken);
    }

    @Override
    public void onComplete() {
      news.add(END);
    }

    @Nullable Object take(Duration patience) {
      try {
        return news.poll(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The test was interrupted while it waited.", interrupted);
      }
    }

    void leave() {
      Flow.Subscription present = subscription;
      if (present != null) {
        present.cancel();
      }
    }
  }
}
