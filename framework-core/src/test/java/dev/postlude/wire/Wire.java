package dev.postlude.wire;

import dev.postlude.http.Headers;
import dev.postlude.http.Method;

/** A way from a client to an app and back: in memory, or by any protocol that a server speaks. */
public interface Wire {
  /** Sends one request and waits for the answer. */
  Reply exchange(Method method, String target, Headers headers, byte[] body) throws Exception;

  /** Ends it, and the server behind it. */
  default void close() throws Exception {}
}
