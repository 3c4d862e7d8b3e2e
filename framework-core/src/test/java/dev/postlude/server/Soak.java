package dev.postlude.server;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.postlude.App;
import dev.postlude.background.BackgroundStats;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Echo;
import dev.postlude.wire.Loopback;
import dev.postlude.wire.RawClient;
import dev.postlude.wire.RawHttp2;
import dev.postlude.wire.RawWebSocket;
import dev.postlude.wire.Requests;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A mixed load with faults for as many minutes as asked for (default 60), and a line each minute:
 * heap after a collection, resident memory, descriptors and threads, which must not rise, and
 * requests, faults and tasks. At its end it stops the server and compares the tasks' counts.
 *
 * <p>A second number holds it to so many requests a second, for a machine that has other things to
 * do.
 *
 * <pre>
 * mvn -q -pl framework-core test-compile dependency:build-classpath -Dmdep.outputFile=target/cp
 * java -Xmx256m -cp framework-core/target/test-classes:framework-core/target/classes:$(cat framework-core/target/cp) \
 *   dev.postlude.server.Soak 60 400
 * </pre>
 */
final class Soak {
  private static final Logger LOG = Logger.getLogger("dev.postlude");
  private static final int CLIENTS = 8;
  private static final int MIB = 1 << 20;
  private static final int TALK = 20;
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final String JSON = "Content-Type: application/json";

  record Order(String item, int count, List<String> notes) {}

  private final Server server;
  private final long restNanos;
  private final LongAdder requests = new LongAdder();
  private final LongAdder faults = new LongAdder();
  private final LongAdder surprises = new LongAdder();
  private volatile boolean over;

  private Soak(Server server, int requestsPerSecond) {
    this.server = server;
    this.restNanos =
        requestsPerSecond == 0 ? 0 : TALK * CLIENTS * 1_000_000_000L / requestsPerSecond;
  }

  public static void main(String[] args) throws Exception {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    LOG.setLevel(Level.OFF); // tasks fail on purpose
    int minutes = args.length == 0 ? 60 : Integer.parseInt(args[0]);
    int rate = args.length < 2 ? 0 : Integer.parseInt(args[1]);
    App app = App.of(Soak::routes);
    Soak soak = new Soak(Loopback.serve(app, options -> options.maxBody(8 * MIB)), rate);
    boolean well = soak.run(minutes);
    System.exit(well ? 0 : 1);
  }

  private static void routes(Routes routes) {
    routes.get("/", request -> Response.text("fine"));
    routes.get("/loop", request -> Response.text("fine")).onEventLoop();
    routes.get("/big", request -> Response.bytes("application/x", new byte[MIB]));
    routes.post("/echo", request -> Response.bytes("application/x", request.bytes()));
    routes.post("/upload", Soak::upload).streaming();
    routes.post("/json", request -> Response.json(201, request.json(Order.class)));
    routes.post("/form", request -> Response.json(request.form().all("a")));
    routes.webSocket("/ws", handshake -> new Echo());
    routes.post("/task", request -> Response.of(202).background("task", () -> {}));
    routes.post("/bad-task", request -> Response.of(202).background("bad-task", Soak::fail));
    routes.get(
        "/stream",
        request ->
            Response.stream(
                "text/plain",
                out -> {
                  for (int i = 0; i < 20; i++) {
                    out.write("a line\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                }));
  }

  private static Response upload(Request request) throws IOException {
    return Response.text(request.stream().readAllBytes().length + "");
  }

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }

  private boolean run(int minutes) throws InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      clients.add(new Thread(() -> load(random), "client " + i));
    }
    clients.forEach(Thread::start);
    System.out.println("minute  heap MB  resident MB  files  threads  requests  faults  surprises");
    for (int minute = 1; minute <= minutes; minute++) {
      TimeUnit.MINUTES.sleep(1);
      System.out.println(line(minute));
    }
    over = true;
    for (Thread client : clients) {
      client.join();
    }
    server.close();
    System.out.println(line(minutes));
    boolean accounted = true;
    for (BackgroundStats.Group group : server.background().stats().groups().values()) {
      System.out.println(group);
      accounted &=
          group.submitted()
              == group.succeeded() + group.failed() + group.rejected() + group.skipped();
    }
    System.out.println(accounted ? "every task is accounted for" : "TASKS ARE MISSING");
    return accounted && surprises.sum() == 0;
  }

  private String line(int minute) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return String.format(
        "%6d  %7d  %11d  %5d  %7d  %8d  %6d  %9d",
        minute,
        (runtime.totalMemory() - runtime.freeMemory()) / MIB,
        resident() / MIB,
        openFiles(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        requests.sum(),
        faults.sum(),
        surprises.sum());
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private static long resident() {
    try {
      String pages = Files.readString(Path.of("/proc/self/statm"));
      return Long.parseLong(pages.split(" ")[1]) * 4096;
    } catch (IOException e) {
      return 0;
    }
  }

  private void load(SplittableRandom random) {
    long due = System.nanoTime();
    while (!over) {
      due += restNanos;
      LockSupport.parkNanos(due - System.nanoTime());
      try {
        if (random.nextInt(5) == 0) {
          fault(random);
          faults.increment();
        } else {
          converse(random);
        }
      } catch (IOException | RuntimeException e) {
        surprises.increment();
        System.out.println(Thread.currentThread().getName() + ": " + e);
      }
    }
  }

  private void converse(SplittableRandom random) throws IOException {
    switch (random.nextInt(8)) {
      case 0, 1 -> http2();
      case 2 -> webSocket();
      default -> http1(random);
    }
  }

  private void http2() throws IOException {
    try (RawHttp2 client = RawHttp2.to(server)) {
      for (int i = 0; i < TALK; i++) {
        expect(client.reply(client.get(i % 2 == 0 ? "/" : "/stream")).status());
      }
    }
  }

  private void webSocket() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(server, "/ws")) {
      for (int i = 0; i < TALK; i++) {
        expect(client.text("x".repeat(i)).read().text().length() == i ? 200 : 500);
      }
      client.close(1000).read();
    }
  }

  private void http1(SplittableRandom random) throws IOException {
    try (RawClient client = RawClient.to(server)) {
      for (int i = 0; i < TALK; i++) {
        switch (random.nextInt(10)) {
          case 0 -> client.send(Requests.get("/loop"));
          case 1 -> client.send(Requests.get("/big"));
          case 2 -> client.send(Requests.post("/echo", "x".repeat(random.nextInt(100_000))));
          case 3 -> client.send(Requests.post("/upload", "x".repeat(random.nextInt(500_000))));
          case 4, 5 -> client.send(Requests.post("/task", ""));
          case 6 -> client.send(Requests.get("/missing"));
          case 7 -> client.send(Requests.post("/form", "a=1&a=2&b=", FORM));
          case 8 -> client.send(Requests.post("/json", "{\"item\":\"tea\",\"count\":3}", JSON));
          default -> client.send(Requests.get("/"));
        }
        expect(client.read().status());
      }
    }
  }

  private void expect(int status) throws IOException {
    requests.increment();
    if (status > 202 && status != 404) {
      throw new IOException("status " + status);
    }
  }

  private void fault(SplittableRandom random) throws IOException {
    RawClient client = RawClient.withSmallBuffer(server);
    switch (random.nextInt(7)) {
      case 0 -> client.send("GET / HTTP/1.1\r\nHo").reset();
      case 1 -> client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx").reset();
      case 2 -> client.send(Requests.get("/big")).reset();
      case 3 -> {
        client.send(Requests.get("/big")).readBytes(10_000);
        client.reset();
      }
      case 4 -> client.send("nonsense\r\n\r\n").finish().readAll();
      case 5 -> {
        client.send(Requests.post("/bad-task", "")).read();
        client.close();
      }
      default -> {
        RawHttp2 http2 = RawHttp2.open(client);
        http2.send(RawHttp2.RST_STREAM, 0, http2.get("/big"), RawHttp2.number(RawHttp2.CANCEL));
        http2.get("/stream");
        client.reset();
      }
    }
    client.close();
  }
}
