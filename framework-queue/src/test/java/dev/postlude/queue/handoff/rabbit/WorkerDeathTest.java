package dev.postlude.queue.handoff.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.rig.Child;
import dev.postlude.rig.JavaProgram;
import dev.postlude.rig.RabbitServer;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers in processes of their own, which die. */
class WorkerDeathTest {
  private static final int THREADS = 4;

  private final String prefix = "t" + UUID.randomUUID();
  private RabbitTask task;
  private Book book;
  private Supervisor supervisor;

  @BeforeEach
  void start() throws Exception {
    String uri = RabbitServer.shared().uri();
    task = WorkerProgram.wayThere(uri, prefix);
    book = new Book(task);
    supervisor = new Supervisor(uri, prefix);
  }

  @AfterEach
  void stop() {
    if (supervisor != null) {
      supervisor.close();
    }
    if (task != null) {
      task.close();
    }
  }

  @Test
  void aTaskThatKillsItsProcessIsGivenUpAndItsNeighboursAreNot() throws Exception {
    for (int i = 0; i < 12; i++) {
      book.publish("n#" + i, i);
      if (i == 2) {
        book.publish("poison#-1", -1);
      }
    }
    supervisor.start();

    ForeignStatus end = book.end("poison#-1");
    assertThat(end.phase()).as(supervisor::log).isEqualTo(Phase.FAILED);
    assertThat(end.error()).isEqualTo("its worker died 3 times while it ran");
    for (int i = 0; i < 12; i++) {
      assertThat(book.end("n#" + i)).isEqualTo(ForeignStatus.succeeded("" + 2 * i));
    }
    assertThat(supervisor.deaths()).isEqualTo(3);
  }

  /** Starts a worker, and another one whenever it has died. */
  private static final class Supervisor implements AutoCloseable {
    private final String uri;
    private final String prefix;
    private final Thread thread = new Thread(this::run, "supervisor");
    private volatile boolean open = true;
    private volatile Child child;
    private final AtomicInteger deaths = new AtomicInteger();

    Supervisor(String uri, String prefix) {
      this.uri = uri;
      this.prefix = prefix;
    }

    void start() {
      thread.start();
    }

    String log() {
      return deaths + " deaths, and now: " + (child == null ? "" : child.log());
    }

    int deaths() {
      return deaths.get();
    }

    private void run() {
      try {
        while (open) {
          child = JavaProgram.start(WorkerProgram.class, uri, prefix, Integer.toString(THREADS));
          child.await();
          deaths.incrementAndGet();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      open = false;
      if (child != null) {
        child.kill();
      }
    }
  }
}
