package dev.postlude.background;

import java.util.concurrent.CompletionStage;

/**
 * What a stored task does: it is put away, and does not run here.
 *
 * @param id what clients ask for it by
 * @param directory where they ask
 * @param action how it is stored
 */
record Storage(String id, TaskDirectory directory, StoreAction action) implements Work {
  @Override
  public CompletionStage<?> start(TaskContext context) {
    throw new IllegalStateException("What is stored does not run here, but is released.");
  }
}
