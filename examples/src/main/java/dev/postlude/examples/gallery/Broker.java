package dev.postlude.examples.gallery;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A server that an example hands its tasks to.
 *
 * @param variable of the environment, with its address
 * @param otherwise its address when that is not set; null when there is none then
 * @param port where it listens if the address does not say
 * @param program what it is called, in Debian too
 */
record Broker(String variable, @Nullable String otherwise, int port, String program) {
  private static final int PATIENCE = 1_000; // milliseconds

  /**
   * Says what is to be started when nobody listens there. That is no reason not to begin: tasks
   * wait on disk.
   */
  void warnIfMissing() {
    String address = System.getenv().getOrDefault(variable, otherwise);
    if (address == null) {
      return;
    }
    URI uri = URI.create(address);
    if (uri.getHost() == null) {
      return; // the example refuses it in better words
    }
    InetSocketAddress there =
        new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? port : uri.getPort());
    try (Socket socket = new Socket()) {
      socket.connect(there, PATIENCE);
    } catch (IOException e) {
      System.err.printf(
          "%nNobody listens at %s:%d. Start %s there (Debian: apt-get install %s), or say in %s where it"
              + " is. Until then tasks wait on disk.%n%n",
          uri.getHost(), there.getPort(), program, program, variable);
    }
  }
}
