package dev.postlude.server;

/**
 * The server could not listen: one line that names the port, without a stack trace, since the fault
 * is not in the program.
 */
public final class PortUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PortUnavailableException(String message) {
    super(message, null, false, false);
  }
}
