package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.AmqpQueue;
import dev.postlude.queue.handoff.broker.ClientLibrary;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where messages are left for Celery's workers. Safe for any thread. */
interface CeleryOutlet extends AutoCloseable {
  /** Leaves one there, and returns when it is certain that it is there. May block. */
  void send(CeleryMessage message) throws Exception;

  @Override
  void close();

  /**
   * RabbitMQ. Of the worker's queues none is declared: that is the worker's business.
   *
   * @param own the queues of ours, which are declared with every new connection
   */
  static CeleryOutlet amqp(AmqpLink link, List<AmqpQueue> own) {
    AmqpPublisher publisher = new AmqpPublisher(link, own);
    return new CeleryOutlet() {
      @Override
      public void send(CeleryMessage message) throws Exception {
        publisher.publish(message.toAmqp());
      }

      @Override
      public void close() {
        publisher.close();
      }
    };
  }

  /** Redis. */
  static CeleryOutlet redis(URI uri, @Nullable SSLContext tls) {
    ClientLibrary.REDIS.require();
    RedisLink redis = RedisLink.at(uri, tls);
    return new CeleryOutlet() {
      @Override
      public void send(CeleryMessage message) throws Exception {
        redis.together(message.toRedis(UUID.randomUUID().toString()));
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }
}
