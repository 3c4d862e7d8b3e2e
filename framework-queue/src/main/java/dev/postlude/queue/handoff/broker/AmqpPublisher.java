package dev.postlude.queue.handoff.broker;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages, and knows of each whether RabbitMQ has it: with publisher confirms, and
 * {@code mandatory}, so that a message for a queue that nobody declared comes back.
 *
 * <p>Connects when first needed and again after a connection was lost. Safe for any thread; many
 * may wait for their confirms at a time.
 */
public final class AmqpPublisher implements AutoCloseable {
  private static final long CONFIRM_SECONDS = 10;
  private static final String PURPOSE = "postlude publisher";

  private final AmqpLink link;
  private final Iterable<AmqpQueue> own;
  private @Nullable Session session; // guarded by this

  /**
   * Makes one; connects to nothing yet.
   *
   * @param own queues that are declared with every new connection; of others' queues none
   */
  public AmqpPublisher(AmqpLink link, Iterable<AmqpQueue> own) {
    this.link = link;
    this.own = own;
  }

  /**
   * Publishes a message and waits until RabbitMQ has confirmed it: with a quorum queue that is,
   * until most of its members have it on disk. Blocks for up to some twenty seconds.
   *
   * @throws NoSuchQueueException when there is no such queue
   * @throws IOException when it is not certain that RabbitMQ has it
   * @throws InterruptedException when interrupted while waiting; RabbitMQ may have it
   */
  public void publish(AmqpMessage message) throws IOException, InterruptedException {
    CompletableFuture<Void> confirmed = send(message);
    try {
      confirmed.get(CONFIRM_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof NoSuchQueueException unknown) {
        throw unknown;
      }
      throw new IOException(AmqpLink.reason(cause), cause);
    } catch (TimeoutException e) {
      throw new IOException("RabbitMQ has not confirmed it within " + CONFIRM_SECONDS + " s", e);
    }
  }

  /**
   * Says something to all who {@link AmqpInbox#hear} at this moment, if there is anybody. Blocks
   * for up to some ten seconds.
   */
  public synchronized void broadcast(String exchange, String text) throws IOException {
    Session open = open();
    open.refuseWhenBlocked();
    open.channel.exchangeDeclare(exchange, "fanout", true);
    open.channel.basicPublish(exchange, "", null, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes a message that nothing depends on, where there is a connection; does not wait. */
  public void attempt(AmqpMessage message) {
    try {
      send(message);
    } catch (IOException e) {
      // Nothing depends on it.
    }
  }

  /** Publishes a message; the future completes when RabbitMQ has confirmed it. */
  private synchronized CompletableFuture<Void> send(AmqpMessage message) throws IOException {
    return open().send(message);
  }

  /** Connects, unless it is connected already. Blocks for up to some ten seconds. */
  public synchronized void connect() throws IOException {
    open();
  }

  /** Declares a queue of ours that somebody has removed. Blocks for up to some ten seconds. */
  public synchronized void declare(AmqpQueue queue) throws IOException {
    queue.declare(open().channel);
  }

  private synchronized Session open() throws IOException {
    Session open = session;
    if (open == null || !open.channel.isOpen()) {
      close();
      open = new Session(link.connect(PURPOSE), own);
      session = open;
    }
    return open;
  }

  /** Closes the connection, if there is one; publishing again would open another. */
  @Override
  public synchronized void close() {
    if (session != null) {
      session.connection.abort(1_000);
      session = null;
    }
  }

  /** One connection, with what has not been confirmed on it. */
  private static final class Session implements BlockedListener {
    final Connection connection;
    final Channel channel;
    private final ConcurrentNavigableMap<Long, Unconfirmed> unconfirmed =
        new ConcurrentSkipListMap<>();
    private volatile @Nullable String blocked;

    private record Unconfirmed(AmqpMessage message, CompletableFuture<Void> done) {}

    @SuppressWarnings("this-escape") // the listeners use what was set before
    Session(Connection connection, Iterable<AmqpQueue> own) throws IOException {
      this.connection = connection;
      connection.addBlockedListener(this);
      this.channel = connection.createChannel();
      for (AmqpQueue queue : own) {
        queue.declare(channel);
      }
      channel.confirmSelect();
      channel.addReturnListener(this::returned);
      channel.addConfirmListener(this::acked, this::nacked);
      channel.addShutdownListener(
          cause ->
              settle(
                  unconfirmed,
                  new IOException("the connection to RabbitMQ was lost: " + cause.getMessage())));
    }

    void refuseWhenBlocked() throws IOException {
      String stopped = blocked;
      if (stopped != null) { // a write would wait for who knows how long
        throw new IOException("RabbitMQ takes no messages now: " + stopped);
      }
    }

    CompletableFuture<Void> send(AmqpMessage message) throws IOException {
      refuseWhenBlocked();
      CompletableFuture<Void> done = new CompletableFuture<>();
      long number = channel.getNextPublishSeqNo();
      unconfirmed.put(number, new Unconfirmed(message, done));
      try {
        channel.basicPublish("", message.queue(), true, properties(message), bytes(message));
      } catch (IOException | RuntimeException e) {
        unconfirmed.remove(number);
        throw new IOException("the connection to RabbitMQ was lost: " + AmqpLink.reason(e), e);
      }
      if (!channel.isOpen()) { // the shutdown listener may have been too early for this one
        settle(unconfirmed, new IOException("the connection to RabbitMQ was lost"));
      }
      return done;
    }

    /** Comes before the confirm of the same message. */
    private void returned(Return back) {
      String id = back.getProperties().getCorrelationId();
      for (Unconfirmed each : unconfirmed.values()) {
        if (each.message.correlationId().equals(id)
            && each.message.queue().equals(back.getRoutingKey())) {
          each.done.completeExceptionally(
              new NoSuchQueueException(
                  back.getRoutingKey(), back.getReplyCode() + " " + back.getReplyText()));
        }
      }
    }

    private void acked(long number, boolean multiple) {
      settle(upTo(number, multiple), null);
    }

    private void nacked(long number, boolean multiple) {
      settle(upTo(number, multiple), new IOException("RabbitMQ refused the message"));
    }

    private Map<Long, Unconfirmed> upTo(long number, boolean multiple) {
      return multiple
          ? unconfirmed.headMap(number, true)
          : unconfirmed.subMap(number, true, number, true);
    }

    private static void settle(Map<Long, Unconfirmed> some, @Nullable IOException error) {
      for (Unconfirmed each : some.values()) {
        if (error == null) {
          each.done.complete(null);
        } else {
          each.done.completeExceptionally(error);
        }
      }
      some.clear();
    }

    @Override
    public void handleBlocked(String reason) {
      blocked = reason;
    }

    @Override
    public void handleUnblocked() {
      blocked = null;
    }

    private static byte[] bytes(AmqpMessage message) {
      return message.body().getBytes(StandardCharsets.UTF_8);
    }

    private static BasicProperties properties(AmqpMessage message) {
      return new BasicProperties.Builder()
          .contentType("application/json")
          .contentEncoding(message.contentEncoding())
          .deliveryMode(2) // persistent
          .priority(0)
          .correlationId(message.correlationId())
          .replyTo(message.replyTo())
          .headers(new java.util.LinkedHashMap<>(message.headers()))
          .build();
    }
  }
}
