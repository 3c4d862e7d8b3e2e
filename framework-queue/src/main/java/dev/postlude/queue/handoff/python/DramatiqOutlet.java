package dev.postlude.queue.handoff.python;

import dev.postlude.queue.handoff.broker.AmqpLink;
import dev.postlude.queue.handoff.broker.AmqpPublisher;
import dev.postlude.queue.handoff.broker.ClientLibrary;
import dev.postlude.queue.handoff.broker.RedisLink;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where messages are left for Dramatiq's workers. Safe for any thread. */
interface DramatiqOutlet extends AutoCloseable {
  /** Leaves one there, and returns when it is certain that it is there. May block. */
  void send(DramatiqMessage message) throws Exception;

  @Override
  void close();

  /** RabbitMQ. No queue is declared: that is the worker's business. */
  static DramatiqOutlet amqp(URI uri, @Nullable SSLContext tls) {
    ClientLibrary.AMQP.require();
    AmqpPublisher publisher = new AmqpPublisher(AmqpLink.at(uri, tls), List.of());
    return new DramatiqOutlet() {
      @Override
      public void send(DramatiqMessage message) throws Exception {
        publisher.publish(message.toAmqp());
      }

      @Override
      public void close() {
        publisher.close();
      }
    };
  }

  /** Redis. */
  static DramatiqOutlet redis(URI uri, @Nullable SSLContext tls) {
    ClientLibrary.REDIS.require();
    RedisLink redis = RedisLink.at(uri, tls);
    return new DramatiqOutlet() {
      @Override
      public void send(DramatiqMessage message) throws Exception {
        redis.together(message.toRedis(UUID.randomUUID().toString()));
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }
}
