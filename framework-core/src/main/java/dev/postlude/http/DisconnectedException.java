package dev.postlude.http;

import java.io.IOException;

/**
 * The end of an exchange before it was whole: the client has left, or the server is stopping.
 *
 * <p>Thrown by whatever reads a request while it comes in or writes a response while it is made.
 * There is no need to catch it: one that leaves a handler is noted at level DEBUG and no error
 * handler is asked, because nobody is there who could be answered.
 */
public final class DisconnectedException extends IOException {
  private static final long serialVersionUID = 1;

  /** The end of an exchange, and why it ended. */
  public DisconnectedException(String message) {
    super(message);
  }

  /** Whether an exception is one of these, or was caused by one. */
  public static boolean isBehind(Throwable error) {
    Throwable each = error;
    for (int depth = 0; each != null && depth < 20; depth++) { // causes may go in a circle
      if (each instanceof DisconnectedException) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }
}
