package dev.postlude.background;

/**
 * What is done once a request is over, whatever its outcome: answered, failed, refused,
 * disconnected.
 *
 * <p>Runs on a background worker, never on an event loop, before the tasks of the response. It may
 * block, but should be short: the tasks of the same response wait for it. What it throws is logged
 * and changes nothing.
 */
@FunctionalInterface
public interface FinishHook {

  /** Called exactly once, with the outcome known. */
  void finished(Exchange exchange) throws Exception;
}
