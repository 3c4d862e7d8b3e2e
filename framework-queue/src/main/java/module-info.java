import org.jspecify.annotations.NullMarked;

/** Background tasks that survive the process, on engines that exist. */
@NullMarked
module dev.postlude.queue {
  requires static transitive org.jspecify;
  requires transitive dev.postlude;
  requires transitive java.sql;

  // Known to dev.postlude.queue.engine only.
  requires com.github.kagkarlsson.scheduler;

  // Known to dev.postlude.queue.store only.
  requires org.xerial.sqlitejdbc;

  // Known to dev.postlude.queue.handoff.broker only, where they are present.
  requires static com.rabbitmq.client;
  requires static redis.clients.jedis;

  exports dev.postlude.queue;
  exports dev.postlude.queue.handoff;
  exports dev.postlude.queue.handoff.python;
  exports dev.postlude.queue.page;
  exports dev.postlude.queue.task;
}
