package dev.postlude.queue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What queues log while this is open, as far as it fits. */
final class LogRecords extends Handler implements AutoCloseable {
  private static final Logger QUEUE = Logger.getLogger("dev.postlude.queue");

  private final BlockingQueue<LogRecord> lines = Bells.notes();
  private final Predicate<LogRecord> fits;

  private LogRecords(Predicate<LogRecord> fits) {
    this.fits = fits;
    QUEUE.addHandler(this);
  }

  /** Those that are about one task, by their first word. */
  static LogRecords ofTasks() {
    return new LogRecords(line -> line.getMessage().startsWith("task "));
  }

  /** Warnings and errors. */
  static LogRecords warnings() {
    return new LogRecords(line -> line.getLevel().intValue() >= Level.WARNING.intValue());
  }

  /** Has debug lines logged too. */
  void withDebug() {
    QUEUE.setLevel(Level.FINE);
  }

  /** Waits for the next one. */
  LogRecord next() throws InterruptedException {
    return Bells.next(lines);
  }

  /** Everything up to now. */
  List<String> messages() {
    return lines.stream().map(LogRecord::getMessage).toList();
  }

  @Override
  public void publish(LogRecord line) {
    if (fits.test(line)) {
      lines.add(line);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    QUEUE.removeHandler(this);
    QUEUE.setLevel(null);
  }
}
