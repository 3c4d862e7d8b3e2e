package dev.postlude.background;

import java.util.concurrent.CompletionStage;

/**
 * Puts a task where it survives this process, before the response that carries it is written: see
 * {@link BackgroundTask#stored}.
 */
@FunctionalInterface
public interface StoreAction {
  /**
   * Begins to store. Called once for each response that carries the task, on the thread that made
   * the response, which may be an event loop: it must not block.
   *
   * @param task the task and its request, with the outcome still open
   * @return a stage that completes when the task is safe, and not before; the response waits for
   *     it, so it must complete in a bounded time. When it fails the response is not written: the
   *     client gets 503, or what the exception says if it is one that stands for an answer.
   */
  CompletionStage<? extends StoredTask> store(TaskContext task);
}
