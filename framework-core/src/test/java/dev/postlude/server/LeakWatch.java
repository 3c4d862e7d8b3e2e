package dev.postlude.server;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A watch over what Netty counts references of, failing the test class after which something was
 * collected without having been released.
 *
 * <p>JUnit finds it by itself, through {@code META-INF/services}, and makes it before any test
 * class is initialized; so Netty's own detectors, made when Netty's classes are initialized, are
 * ours. It is an extension and not a {@code TestExecutionListener} because what such a listener
 * throws is logged and forgotten. A class that touched no buffer costs nothing; any other two
 * collections.
 */
public final class LeakWatch implements AfterAllCallback {
  private static final List<Detector<?>> DETECTORS = new CopyOnWriteArrayList<>();
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final AtomicBoolean TOUCHED = new AtomicBoolean();

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Detectors());
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    List<String> leaks = leaks();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          "Netty resources were dropped without release() in "
              + context.getDisplayName()
              + " or in what it left running:\n"
              + String.join("\n", leaks));
    }
  }

  /** Collects garbage and returns a description of each leak since the last call. */
  static List<String> leaks() throws InterruptedException {
    List<String> leaks = new ArrayList<>();
    if (TOUCHED.getAndSet(false)) {
      // References are enqueued in the order of collections: when the second one's has arrived, so
      // have all of the first.
      awaitCollection();
      awaitCollection();
      DETECTORS.forEach(Detector::drain);
      for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
        leaks.add(leak);
      }
    }
    return leaks;
  }

  private static void awaitCollection() throws InterruptedException {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
    System.gc();
    if (queue.remove(10_000) != canary) {
      throw new AssertionError("No garbage was collected: is -XX:+DisableExplicitGC set?");
    }
  }

  private static final class Detectors extends ResourceLeakDetectorFactory {
    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval) {
      Detector<T> detector = new Detector<>(type, interval);
      DETECTORS.add(detector);
      return detector;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in Netty 4.2, and called by the one above otherwise
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> type, int interval, long maxActive) {
      return newResourceLeakDetector(type, interval);
    }
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {
    Detector(Class<T> type, int interval) {
      super(type, interval);
    }

    @Override
    public ResourceLeakTracker<T> track(T resource) {
      TOUCHED.set(true);
      return super.track(resource);
    }

    /** Has what was collected reported, which Netty does when the next resource is tracked. */
    @SuppressWarnings("unchecked") // a detector never calls what it tracks
    void drain() {
      T probe = (T) new Object();
      super.track(probe).close(probe);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
      LEAKS.add(type + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
      LEAKS.add(type + ", from where is not known");
    }
  }
}
