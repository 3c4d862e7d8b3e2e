package dev.postlude.queue.handoff.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.Retry;
import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRun;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a worker says of handlers that are worse than failing. */
class TradeTest {
  /** A failure that cannot even be told of. */
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new NoClassDefFoundError("on purpose");
    }
  }

  record Result(String text) {
    @Override
    public String text() {
      throw new NoClassDefFoundError("on purpose");
    }
  }

  private static ForeignStatus done(Trade trade) {
    Job job = new Job("id", "mark", 1, 0, Instant.EPOCH, null, "\"x\"", null);
    TaskRun.ProgressSink nowhere = (done, total, message) -> {};
    return Objects.requireNonNull(trade.done(job, 0, new Turn(), nowhere));
  }

  @Test
  void anExceptionWhoseMessageThrowsHasFailed() {
    ForeignStatus said =
        done(
            new Trade(
                "odd",
                String.class,
                (payload, run) -> {
                  throw new Unspeakable();
                },
                TaskPolicy.defaults().retry(Retry.never()),
                1));

    assertThat(said.phase()).isEqualTo(Phase.FAILED);
    assertThat(said.error()).contains("Unspeakable");
  }

  @Test
  void anErrorWhileAResultIsWrittenLosesTheResultAlone() {
    ForeignStatus said =
        done(
            new Trade(
                "odd", String.class, (payload, run) -> new Result("x"), TaskPolicy.defaults(), 1));

    assertThat(said).isEqualTo(ForeignStatus.succeeded(null));
  }
}
