package dev.postlude.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.UnresolvedAddressException;

/**
 * The server could not listen: one line that names the port, without a stack trace, since the fault
 * is not in the program.
 */
public final class PortUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private PortUnavailableException(String message) {
    super(message, null, false, false);
  }

  /** What went wrong, and whether it is the port or the address that has to be another one. */
  static PortUnavailableException of(String host, int port, Throwable cause) {
    boolean unknown = cause instanceof UnresolvedAddressException;
    return new PortUnavailableException(
        "cannot listen on port "
            + port
            + " of "
            + host
            + " ("
            + (unknown ? "no such host" : cause.getMessage())
            + "): "
            + (unknown || !isOfThisMachine(host)
                ? "choose an address of this machine, 0.0.0.0 for all or 127.0.0.1 for itself alone"
                : "choose another port, or 0 for any free one"));
  }

  private static boolean isOfThisMachine(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      return false;
    }
  }
}
