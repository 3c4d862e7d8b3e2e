package dev.postlude.queue;

import dev.postlude.queue.task.QueueOptions;
import java.sql.Connection;

/** A queue that is not at work yet, on a database that one test has to itself. */
interface QueueUnderTest {
  TaskQueue queue();

  /** One more on that database; closed after the test. */
  TaskQueue another(QueueOptions options);

  /** A connection of the app's own to that database. */
  Connection connect() throws Exception;
}
