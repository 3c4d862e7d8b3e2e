package dev.postlude.examples;

import dev.postlude.background.BackgroundListener;
import dev.postlude.background.TaskContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What a conformance tester wants to know of the tasks and of the process. */
final class ConformanceStats implements BackgroundListener {
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong outOfOrder = new AtomicLong();

  void attached(int tasks) {
    accepted.addAndGet(tasks);
  }

  void inOrder(boolean inOrder) {
    if (!inOrder) {
      outOfOrder.incrementAndGet();
    }
  }

  @Override
  public void started(TaskContext task) {
    started.incrementAndGet();
  }

  @Override
  public void succeeded(TaskContext task) {
    completed.incrementAndGet();
  }

  @Override
  public void failed(TaskContext task, Throwable error) {
    failed.incrementAndGet();
  }

  @Override
  public void rejected(TaskContext task) {
    rejected.incrementAndGet();
  }

  @Override
  public void skipped(TaskContext task, String reason) {
    skipped.incrementAndGet();
  }

  @Override
  public void abandoned(TaskContext task) {
    skipped.incrementAndGet();
  }

  Map<String, Object> members() {
    long ended = completed.get() + failed.get() + rejected.get() + skipped.get();
    Runtime runtime = Runtime.getRuntime();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("accepted", accepted.get());
    members.put("started", started.get());
    members.put("completed", completed.get());
    members.put("failed", failed.get());
    members.put("rejected", rejected.get());
    members.put("skipped", skipped.get());
    members.put("pending", accepted.get() - ended);
    members.put("order_violations", outOfOrder.get());
    members.put("pid", ProcessHandle.current().pid());
    members.put("heap_used", runtime.totalMemory() - runtime.freeMemory());
    members.put("direct_used", direct());
    members.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    return members;
  }

  private static long direct() {
    return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator
        ? allocator.metric().usedDirectMemory()
        : 0;
  }
}
