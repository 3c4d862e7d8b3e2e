package dev.postlude.queue.engine;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;

/** Payloads are in our own table, as JSON; the scheduler never sees one, nor a Java object. */
final class NoData implements Serializer {
  @Override
  public byte[] serialize(@Nullable Object data) {
    return new byte[0];
  }

  @Override
  @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"}) // the library's contract
  public <T> T deserialize(Class<T> type, byte[] serialized) {
    return null;
  }
}
