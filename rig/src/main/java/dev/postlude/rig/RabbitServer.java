package dev.postlude.rig;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A RabbitMQ on loopback, one for all tests of the JVM. */
public final class RabbitServer {
  private static final int START_SECONDS = 120;
  private static RabbitServer shared;

  private final int port = Programs.freePort();
  private final int tlsPort = Programs.freePort();
  private final Path folder = Programs.folder("rabbitmq");
  private final Map<String, String> environment = new HashMap<>();
  private final String program;
  private Child child;

  private RabbitServer() throws Exception {
    program =
        Programs.need(
            "rabbitmq-server",
            "/usr/lib/rabbitmq/bin/rabbitmq-server",
            "/usr/local/sbin/rabbitmq-server");
    String ports = Integer.toString(Programs.freePort());
    String home = folder.toString();
    Files.createDirectories(folder.resolve("schema"));
    Files.writeString(folder.resolve("plugins"), "[].\n");
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        "disk_free_limit.absolute = 1MB\nlog.file.level = info\nlisteners.ssl.1 = 127.0.0.1:"
            + tlsPort
            + "\nssl_options.cacertfile = "
            + Throwaway.shared().certificate()
            + "\nssl_options.certfile = "
            + Throwaway.shared().certificate()
            + "\nssl_options.keyfile = "
            + Throwaway.shared().key()
            + "\n");
    environment.put("HOME", home);
    environment.put("RABBITMQ_NODENAME", "postlude" + port + "@localhost");
    environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(Programs.freePort()));
    environment.put("RABBITMQ_BASE", home);
    environment.put("RABBITMQ_MNESIA_BASE", home + "/data");
    environment.put("RABBITMQ_LOG_BASE", home + "/log");
    environment.put("RABBITMQ_SCHEMA_DIR", home + "/schema");
    environment.put("RABBITMQ_PID_FILE", home + "/pid");
    environment.put("RABBITMQ_CONFIG_FILE", home + "/rabbitmq");
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", home + "/plugins");
    // Two cores, shared with the tests: do not spin.
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface"
            + " {127,0,0,1}");
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("ERL_EPMD_PORT", ports);
    AtTheEnd.kill(this::stopNames);
    start();
  }

  /** The one, started when first needed; skips the test where there is no such program. */
  public static synchronized RabbitServer shared() throws Exception {
    if (shared == null) {
      shared = new RabbitServer();
    }
    return shared;
  }

  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port + "/%2F";
  }

  /** The same over TLS, with the certificate of {@link Throwaway}. */
  public String tlsUri(String host) {
    return "amqps://guest:guest@" + host + ":" + tlsPort + "/%2F";
  }

  /** Opens a connection for the test itself. */
  public Connection connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri());
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection("test");
  }

  /** Stops it; its disk is kept. */
  public void stop() {
    child.close();
  }

  /** Has it lose its disk, while it is stopped: what it was told to keep is gone. */
  public void wipe() throws IOException {
    AtTheEnd.deleteAll(folder.resolve("data"));
    if (Files.exists(folder.resolve("data"))) {
      throw new IOException("not all of " + folder.resolve("data") + " could be deleted");
    }
  }

  /** Starts it, and waits until it takes connections. */
  public void start() throws Exception {
    child = Child.start(folder, environment, List.of(program));
    long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end) {
      try (Connection connection = connect()) {
        return;
      } catch (IOException e) {
        if (!child.isAlive()) {
          break;
        }
        Thread.sleep(100); // a program that starts tells nobody
      }
    }
    throw new IOException("RabbitMQ did not start: " + child.log());
  }

  /** Erlang's name server is a daemon that outlives who started it. */
  private void stopNames() {
    child.kill();
    try {
      ProcessBuilder epmd = new ProcessBuilder("epmd", "-kill");
      epmd.environment().putAll(environment);
      epmd.redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      System.err.println("epmd was left running: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
