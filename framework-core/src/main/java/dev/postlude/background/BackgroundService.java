package dev.postlude.background;

import java.time.Duration;

/**
 * Something that works beside an app, such as the workers of a queue: started before the app
 * listens, and stopped after its background tasks have been drained.
 */
public interface BackgroundService {
  /**
   * Starts it. Called on the thread that starts the app, and may block.
   *
   * @throws Exception when it cannot work; the app does not start then
   */
  void start() throws Exception;

  /**
   * Stops it, and waits for what it is doing. Called once, on the thread that stops the app.
   *
   * @param atMost how long it may wait: what the app's tasks have left of {@code taskDrain}, or a
   *     second where that is more; less for one that is stopped after another
   * @throws Exception when it did not stop well, which is logged
   */
  void stop(Duration atMost) throws Exception;
}
