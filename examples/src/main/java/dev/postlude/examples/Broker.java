package dev.postlude.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** A server that an example hands its tasks to. */
final class Broker {
  private static final int PATIENCE = 1_000; // milliseconds

  private Broker() {}

  /**
   * Says what is to be started where nobody listens at this address.
   *
   * @param usual the port, where the address names none
   * @param program what listens there, as Debian calls it
   */
  static void warnIfMissing(URI address, int usual, String program) {
    if (address.getHost() == null) {
      return; // who reads the address has more to say
    }
    int port = address.getPort() < 0 ? usual : address.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), port), PATIENCE);
    } catch (IOException e) {
      System.err.printf(
          "Nobody listens at %s:%d yet: start %s there (apt-get install %s). Until then tasks wait on"
              + " disk.%n",
          address.getHost(), port, program, program);
    }
  }
}
