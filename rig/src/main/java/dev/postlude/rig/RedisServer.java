package dev.postlude.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Redis on loopback, one for all tests of the JVM. */
public final class RedisServer {
  private static final int START_SECONDS = 30;
  private static RedisServer shared;

  private final int port = Programs.freePort();
  private final int tlsPort = Programs.freePort();
  private final Child child;

  private RedisServer() throws Exception {
    String program =
        Programs.need("redis-server", "/usr/bin/redis-server", "/usr/local/bin/redis-server");
    Path folder = Programs.folder("redis");
    child =
        Child.start(
            folder,
            Map.of(),
            List.of(
                program,
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                Throwaway.shared().certificate().toString(),
                "--tls-key-file",
                Throwaway.shared().key().toString(),
                "--tls-ca-cert-file",
                Throwaway.shared().certificate().toString(),
                "--tls-auth-clients",
                "no",
                "--save",
                "",
                "--dir",
                folder.toString()));
    awaitPort();
  }

  /** The one, started when first needed; skips the test where there is no such program. */
  public static synchronized RedisServer shared() throws Exception {
    if (shared == null) {
      shared = new RedisServer();
    }
    return shared;
  }

  /** The address of one of its sixteen databases. */
  public String uri(int database) {
    return "redis://127.0.0.1:" + port + "/" + database;
  }

  /** The same over TLS, with the certificate of {@link Throwaway}. */
  public String tlsUri(String host, int database) {
    return "rediss://" + host + ":" + tlsPort + "/" + database;
  }

  private void awaitPort() throws Exception {
    long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!child.isAlive()) {
          break;
        }
        Thread.sleep(20); // a program that starts tells nobody
      }
    }
    throw new IOException("Redis did not start: " + child.log());
  }
}
