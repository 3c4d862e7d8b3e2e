package dev.postlude.server;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.postlude.App;
import dev.postlude.http.Response;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A program for tests that need to know what a server takes: memory, descriptors, threads. */
final class MeasuredApp {
  private static final byte[] BIG = new byte[20 << 20];
  private static final byte[] PIECE = new byte[8 << 10];

  private static final CountDownLatch HUNG = new CountDownLatch(1);
  private static final AtomicLong RAN = new AtomicLong();
  private static final AtomicLong QUICK = new AtomicLong();

  private MeasuredApp() {}

  public static void main(String[] args) {
    App app =
        App.of(
            routes -> {
              routes.get("/", request -> Response.text("fine"));
              routes.get("/empty", request -> Response.of(204));
              routes.get("/small", request -> Response.bytes("application/x", PIECE));
              routes.get("/bytes", request -> Response.bytes("application/x", BIG));
              routes.get(
                  "/stream",
                  request ->
                      Response.stream(
                          "application/x",
                          out -> {
                            for (int i = 0; i < BIG.length / PIECE.length; i++) {
                              out.write(PIECE);
                            }
                          }));
              routes.post("/task", request -> task(request.query().asInt("millis", 0)));
              routes.post("/second", request -> task(1_000));
              routes.post("/hung", request -> Response.of(202).background("hung", HUNG::await));
              routes.post(
                  "/quick",
                  request -> Response.of(202).background("quick", QUICK::incrementAndGet));
              routes.post("/release", request -> release());
              routes.get("/taken", request -> Response.text(taken()));
            });
    ServerOptions options =
        ServerOptions.onPort(0).host("127.0.0.1").idleTimeout(Duration.ofMinutes(5));
    Server server = app.with(options).start();
    System.out.println("port " + server.port());
  }

  private static Response task(int millis) {
    return Response.of(202)
        .background(
            "task",
            () -> {
              TimeUnit.MILLISECONDS.sleep(millis);
              RAN.incrementAndGet();
            });
  }

  private static Response release() {
    HUNG.countDown();
    return Response.of(204);
  }

  private static long resident() {
    try {
      return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Bytes of heap after a collection, bytes outside of it, descriptors, threads, resident bytes;
   * tasks that ran, and quick ones.
   */
  private static String taken() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0;
    return runtime.totalMemory()
        - runtime.freeMemory()
        + " "
        + Math.max(direct, PlatformDependent.usedDirectMemory()) // or some would count twice
        + " "
        + files
        + " "
        + ManagementFactory.getThreadMXBean().getThreadCount()
        + " "
        + resident()
        + " "
        + RAN
        + " "
        + QUICK;
  }
}
