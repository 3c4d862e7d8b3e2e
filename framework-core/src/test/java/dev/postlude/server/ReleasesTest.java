package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.concurrent.Threads;
import dev.postlude.concurrent.Workers;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ReleasesTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final BlockingQueue<Released> released = new LinkedBlockingQueue<>();

  private final Releases releases = new Releases(loop, all -> all.forEach(Runnable::run));

  private record Released(int number, long at, boolean onLoop) {}

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void add(int number) {
    releases.add(() -> released.add(new Released(number, System.nanoTime(), loop.inEventLoop())));
  }

  private Released next() throws InterruptedException {
    return released.poll(20, TimeUnit.SECONDS);
  }

  /** All of one pass, which are tasks that the loop runs one after the other. */
  private void pass(int from, int to) {
    loop.execute(() -> IntStream.range(from, to).forEach(this::add));
  }

  @Test
  void thoseOfOnePassComeTogetherAndInOrder() throws Exception {
    pass(0, 100);
    for (int i = 0; i < 100; i++) {
      assertThat(next()).returns(i, Released::number).returns(true, Released::onLoop);
    }
  }

  @RepeatedTest(20)
  void thoseThatFollowCloselyWaitUntilThePauseIsOver() throws Exception {
    pass(0, 1);
    Released first = next();
    pass(1, 2);
    pass(2, 3);
    List<Released> later = List.of(next(), next());
    assertThat(later).extracting(Released::number).containsExactly(1, 2);
    assertThat(later.get(0).at() - first.at()).isGreaterThan(Releases.PAUSE - Releases.PAUSE / 10);
  }

  /** As one that has no memory left for a moment. */
  private static final class Failing extends DefaultEventLoop {
    private boolean fails;

    @Override
    public void execute(Runnable task) {
      if (inEventLoop() && fails) {
        fails = false;
        throw new OutOfMemoryError("on purpose");
      }
      super.execute(task);
    }

    void failNext() {
      fails = true;
    }
  }

  @Test
  void whatALoopCouldNotTakeGoesWithTheNext() throws Exception {
    Failing failing = new Failing();
    Releases own = new Releases(failing, all -> all.forEach(Runnable::run));
    failing.execute(
        () -> {
          failing.failNext();
          try {
            own.add(() -> released.add(new Released(0, 0, true)));
          } catch (OutOfMemoryError expected) {
            own.add(() -> released.add(new Released(1, 0, true)));
          }
        });
    assertThat(next().number()).isZero();
    assertThat(next().number()).isEqualTo(1);
    failing.shutdownGracefully(0, 20, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void departuresThatALoopCouldNotTakeAreMadeWithTheNext() throws Exception {
    Failing failing = new Failing();
    Workers workers = Threads.workers("departing", 1);
    Departures departures = new Departures(failing, workers);
    failing.execute(
        () -> {
          workers.enqueue(() -> released.add(new Released(0, 0, false)));
          failing.failNext();
          try {
            departures.add();
          } catch (OutOfMemoryError expected) {
            departures.add();
          }
        });
    assertThat(next().number()).isZero();
    workers.shutdown();
    failing.shutdownGracefully(0, 20, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @RepeatedTest(20) // the first ones take longer than the pause
  void aLoopThatIsShutDownForgetsNone() throws Exception {
    loop.execute(
        () -> {
          add(0);
          loop.execute(
              () -> {
                add(1);
                loop.execute(() -> loop.shutdownGracefully(0, 20, TimeUnit.SECONDS));
              });
        });
    assertThat(next().number()).isZero();
    assertThat(next().number()).isEqualTo(1);
  }

  @RepeatedTest(20)
  void norDoesALoopThatIsBeingShutDown() throws Exception {
    loop.execute(
        () -> {
          add(0);
          loop.shutdownGracefully(0, 20, TimeUnit.SECONDS);
          loop.execute(() -> add(1));
        });
    assertThat(next().number()).isZero();
    assertThat(next().number()).isEqualTo(1);
  }
}
