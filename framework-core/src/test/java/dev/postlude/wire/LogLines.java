package dev.postlude.wire;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What is logged while this is open, kept from the console. */
public final class LogLines extends Handler implements AutoCloseable {
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger logger;

  private LogLines(String name) {
    logger = Logger.getLogger(name);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  /** Listens to a logger and to those below it. */
  public static LogLines of(String logger) {
    return new LogLines(logger);
  }

  /** Waits for a line that fits, dropping those before it; {@code null} after ten seconds. */
  public @Nullable String await(Predicate<String> fits) throws InterruptedException {
    for (String line = next(); line != null; line = next()) {
      if (fits.test(line)) {
        return line;
      }
    }
    return null;
  }

  private @Nullable String next() throws InterruptedException {
    return lines.poll(10, TimeUnit.SECONDS);
  }

  /** Everything up to now. */
  public String all() {
    return String.join("\n", lines);
  }

  @Override
  public void publish(LogRecord entry) {
    Throwable thrown = entry.getThrown();
    lines.add(
        entry.getLevel() + " " + entry.getMessage() + (thrown == null ? "" : " <- " + thrown));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
