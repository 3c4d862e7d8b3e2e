package dev.postlude.server;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.postlude.App;
import dev.postlude.http.Response;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** A program for tests that need to know what a server takes: memory, descriptors, threads. */
final class MeasuredApp {
  private static final byte[] BIG = new byte[20 << 20];
  private static final byte[] PIECE = new byte[8 << 10];

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
              routes.post("/task", request -> Response.of(202).background("task", () -> {}));
              routes.get("/taken", request -> Response.text(taken()));
            });
    Server server = app.with(ServerOptions.onPort(0).host("127.0.0.1")).start();
    System.out.println("port " + server.port());
  }

  /** Bytes of heap after a collection, bytes outside of it, descriptors, threads. */
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
        + ManagementFactory.getThreadMXBean().getThreadCount();
  }
}
