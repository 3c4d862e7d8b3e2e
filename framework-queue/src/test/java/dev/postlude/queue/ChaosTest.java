package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskState;
import dev.postlude.rig.RabbitServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real app is killed at random moments while clients fill its queue, again and again: whatever
 * was answered 202 is done in the end. How often something was done twice is counted, and printed.
 */
class ChaosTest {
  private static final int KILLS = 4;
  private static final int CLIENTS = 3;

  @TempDir Path folder;

  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger number = new AtomicInteger();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void nothingAcceptedIsLostInAFile() throws Exception {
    String database = folder.resolve("tasks.db").toString();
    chaos("SQLite", database, TaskQueue.sqlite(Path.of(database)));
  }

  @Test
  void nothingAcceptedIsLostOnAServer() throws Exception {
    String url = PostgresServer.freshUrl();
    chaos("PostgreSQL", url, TaskQueue.postgres(PostgresServer.at(url)));
  }

  @Test
  void nothingAcceptedIsLostBetweenAFileAndWorkersOverRabbitMq() throws Exception {
    String database = folder.resolve("tasks.db").toString();
    chaos("RabbitMQ, SQLite", database, TaskQueue.sqlite(Path.of(database)), rabbitMq());
  }

  @Test
  void nothingAcceptedIsLostBetweenAServerAndWorkersOverRabbitMq() throws Exception {
    String url = PostgresServer.freshUrl();
    chaos("RabbitMQ, PostgreSQL", url, TaskQueue.postgres(PostgresServer.at(url)), rabbitMq());
  }

  private static String[] rabbitMq() throws Exception {
    return new String[] {"--rabbitmq", RabbitServer.shared().uri(), "t" + UUID.randomUUID()};
  }

  /** With a broker there is a worker beside the app, and both are killed. */
  private void chaos(String name, String database, TaskQueue open, String... broker)
      throws Exception {
    Path runs = folder.resolve("runs.txt");
    Path log = folder.resolve("log.txt");
    for (int i = 0; i < KILLS; i++) {
      try (ChildApp app = ChildApp.start(database, runs, log, broker);
          ChildApp worker = worker(runs, log, broker)) {
        assertThat(app).as("the app did not start: %s", log).isNotNull();
        List<Thread> clients = clients(app.port());
        // At some moment in the work, but not before there was any.
        int before = accepted.size();
        int enough = before + 1 + random.nextInt(150);
        long begun = System.nanoTime();
        while (accepted.size() < enough
            && (accepted.size() == before || since(begun).toSeconds() < 4)
            && since(begun).toSeconds() < 30) {
          LockSupport.parkNanos(1_000_000);
        }
        if (worker != null && i % 2 == 0) {
          worker.close();
        }
        app.close();
        for (Thread client : clients) {
          client.join();
        }
      }
    }
    Map<String, Integer> counted;
    try (ChildApp app = ChildApp.start(database, runs, log, broker);
        ChildApp worker = worker(runs, log, broker)) {
      assertThat(app).isNotNull();
      assertThat(worker == null).isEqualTo(broker.length == 0);
      TaskQueue looksOnly = open.with(QueueOptions.defaults().threads(0));
      looksOnly.start();
      try {
        for (String id : accepted) {
          TaskRecord task = Bells.await(looksOnly, id, TaskState.SUCCEEDED, TaskState.DEAD);
          assertThat(task.state()).as("%s", task).isEqualTo(TaskState.SUCCEEDED);
        }
        // What was stored and not answered any more is run as well, once its hold has expired.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (open(looksOnly) > 0) {
          assertThat(System.nanoTime()).as("%s", looksOnly.stats()).isLessThan(end);
          LockSupport.parkNanos(20_000_000);
        }
      } finally {
        looksOnly.stop(Duration.ZERO);
      }
      counted = count(runs);
    }
    assertThat(accepted).isNotEmpty().allMatch(counted::containsKey);
    long twice = counted.values().stream().filter(times -> times > 1).count();
    System.out.printf(
        "%s: %d accepted, %d stored and done, %d done more than once; %d kills, seed %d%n",
        name, accepted.size(), counted.size(), twice, KILLS, seed);
  }

  /** A worker without a database, where there is a broker. */
  private static ChildApp worker(Path runs, Path log, String... broker) throws Exception {
    if (broker.length == 0) {
      return null;
    }
    String[] more = {"--worker", broker[0], broker[1], broker[2]};
    return ChildApp.start("/dev/null/tasks.db", runs, log, more);
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static long open(TaskQueue queue) throws Exception {
    return queue.stats().counts().values().stream()
        .flatMap(states -> states.entrySet().stream())
        .filter(each -> !each.getKey().isFinal())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static Map<String, Integer> count(Path runs) throws Exception {
    Map<String, Integer> counted = new HashMap<>();
    for (String line : Files.readAllLines(runs)) {
      counted.merge(line.substring(line.indexOf(' ') + 1), 1, Integer::sum);
    }
    return counted;
  }

  /** Clients that send until the server is gone, and note what was answered 202. */
  private List<Thread> clients(int port) {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> send(port), "client-" + i);
      client.start();
      clients.add(client);
    }
    return clients;
  }

  private void send(int port) {
    HttpClient client = HttpClient.newHttpClient();
    while (true) {
      try {
        HttpRequest request =
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + port + "/tasks/" + number.incrementAndGet()))
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.noBody())
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 202) {
          Optional<String> location = response.headers().firstValue("Location");
          accepted.add(location.orElseThrow().substring("/tasks/".length()));
        }
      } catch (Exception e) {
        return; // killed
      }
    }
  }

  @Test
  void aTaskThatKillsItsProcessIsDeadAfterItsThirdCrash() throws Exception {
    String database = folder.resolve("tasks.db").toString();
    Path runs = folder.resolve("runs.txt");
    Path log = folder.resolve("log.txt");
    String id;
    try (ChildApp app = ChildApp.start(database, runs, log)) {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/poison"))
                      .POST(BodyPublishers.noBody())
                      .build(),
                  BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(202);
      id = response.headers().firstValue("Location").orElseThrow().substring("/tasks/".length());
      assertThat(app.ended()).isTrue();
    }
    // Picked up again at once after each restart, in which it kills the process again.
    for (int crash = 2; crash <= 3; crash++) {
      try (ChildApp app = ChildApp.start(database, runs, log)) {
        assertThat(app == null || app.ended()).isTrue();
      }
    }
    try (ChildApp app = ChildApp.start(database, runs, log)) {
      assertThat(app).isNotNull();
      TaskQueue looksOnly =
          TaskQueue.sqlite(Path.of(database)).with(QueueOptions.defaults().threads(0));
      looksOnly.start();
      try {
        TaskRecord task = Bells.await(looksOnly, id, TaskState.DEAD);
        assertThat(task.crashes()).isEqualTo(3);
        assertThat(task.error()).contains("crash 3 of at most 3");
      } finally {
        looksOnly.stop(Duration.ZERO);
      }
    }
  }
}
