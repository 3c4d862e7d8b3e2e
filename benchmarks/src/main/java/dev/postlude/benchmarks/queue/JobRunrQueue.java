package dev.postlude.benchmarks.queue;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.jspecify.annotations.Nullable;

/** JobRunr, which looks every five seconds, the least that it takes. Public for its sake. */
public final class JobRunrQueue implements DurableQueue {
  private static volatile @Nullable Work current;

  private @Nullable JobScheduler jobs;

  @Override
  public void open(Path file, boolean workers, Work work) {
    current = work;
    JobRunrConfiguration configuration =
        JobRunr.configure()
            .useJsonMapper(new Jackson3JsonMapper())
            .useStorageProvider(new SqLiteStorageProvider(new FlushedFile(file)));
    if (workers) {
      configuration =
          configuration.useBackgroundJobServer(
              usingStandardBackgroundJobServerConfiguration()
                  .andPollInterval(Duration.ofSeconds(5))
                  .andWorkerCount(THREADS));
    }
    jobs = configuration.initialize().getJobScheduler();
  }

  /** What a job does. */
  public static void done(int number) {
    Objects.requireNonNull(current).done(number);
  }

  @Override
  public void enqueue(int number) {
    Objects.requireNonNull(jobs).enqueue(() -> done(number));
  }

  @Override
  public void close() {
    JobRunr.destroy();
  }
}
