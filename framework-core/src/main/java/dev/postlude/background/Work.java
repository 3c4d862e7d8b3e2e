package dev.postlude.background;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a single task does, whichever way it was written down. */
interface Work {
  /** Starts it on a background worker; null says that it is done already. */
  @Nullable CompletionStage<?> start(TaskContext context) throws Exception;
}
