package dev.postlude.queue.handoff.broker;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives from queues of our own for as long as it is open: when the connection is lost, or was
 * not to be had, it tries again and again, at most some seconds apart.
 *
 * <p>Receivers are called on the connection's threads, one call at a time for each subscription,
 * and must not block for long.
 */
public final class AmqpInbox implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AmqpInbox.class.getName());
  private static final long FIRST_WAIT = 200; // milliseconds
  private static final long LONGEST_WAIT = 5_000;

  /**
   * A queue to receive from.
   *
   * @param prefetch how many unsettled messages it may have out at a time, 1 or more
   */
  public record Subscription(AmqpQueue queue, int prefetch, Consumer<AmqpDelivery> receiver) {}

  private final AmqpLink link;
  private final List<AmqpQueue> own;
  private final List<Subscription> subscriptions;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean open = true;
  private @Nullable Visit visit; // guarded by this
  private @Nullable String exchange;
  private Consumer<String> listener = text -> {};

  /** Makes one; nothing happens before {@link #start}. */
  public AmqpInbox(AmqpLink link, List<AmqpQueue> own, List<Subscription> subscriptions) {
    this.link = link;
    this.own = List.copyOf(own);
    this.subscriptions = List.copyOf(subscriptions);
  }

  /**
   * Hears as well what is said to all who listen at that moment; said before {@link #start}.
   *
   * @param exchange a fanout exchange, which is declared
   * @param listener is handed what {@link AmqpPublisher#broadcast} said
   */
  public void hear(String exchange, Consumer<String> listener) {
    this.exchange = exchange;
    this.listener = listener;
  }

  /** Begins to receive, on a thread of its own. Does not wait for the connection. */
  public void start() {
    Thread thread = new Thread(this::run, "postlude-amqp-inbox");
    thread.setDaemon(true);
    thread.start();
  }

  /** Receives no more; what was received can still be settled. */
  public synchronized void pause() {
    open = false;
    if (visit != null) {
      visit.cancel();
    }
  }

  /** Closes the connection: what was not settled is delivered again, to somebody else. */
  @Override
  public void close() {
    Visit current;
    synchronized (this) {
      open = false;
      current = visit;
    }
    ended.countDown();
    if (current != null) {
      current.connection.abort(1_000);
    }
  }

  private void run() {
    long wait = FIRST_WAIT;
    while (open) {
      try {
        Visit current = begin();
        if (current == null) {
          return;
        }
        wait = FIRST_WAIT;
        current.over.await();
        current.connection.abort(1_000);
      } catch (IOException | RuntimeException e) {
        String line = "Nothing is received from RabbitMQ now: " + AmqpLink.reason(e);
        LOG.log(Level.WARNING, line + "; tried again in " + wait + " ms");
        LOG.log(Level.DEBUG, line, e);
      } catch (InterruptedException e) {
        return;
      }
      try {
        if (open && ended.await(wait, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  }

  private @Nullable Visit begin() throws IOException {
    Visit fresh = new Visit(link.connect("postlude inbox"));
    synchronized (this) {
      if (!open) {
        fresh.connection.abort(1_000);
        return null;
      }
      // Before anything is received: who is told of a message may well pause or close, and what
      // he has must be settled on this connection.
      visit = fresh;
    }
    try {
      if (exchange != null) {
        fresh.hear(exchange, listener);
      }
      fresh.subscribe(own, subscriptions);
    } catch (IOException | RuntimeException e) {
      fresh.connection.abort(1_000);
      throw e;
    }
    return fresh;
  }

  /** One connection, until it is lost. */
  private static final class Visit {
    final Connection connection;
    final CountDownLatch over = new CountDownLatch(1);
    private final List<Channel> channels = new ArrayList<>(); // guarded by this
    private final List<String> tags = new ArrayList<>(); // guarded by this
    private boolean cancelled; // guarded by this

    Visit(Connection connection) {
      this.connection = connection;
    }

    void subscribe(List<AmqpQueue> own, List<Subscription> subscriptions) throws IOException {
      connection.addShutdownListener(cause -> over.countDown());
      Channel declaring = connection.createChannel();
      for (AmqpQueue queue : own) {
        queue.declare(declaring);
      }
      for (Subscription each : subscriptions) {
        subscribe(each);
      }
    }

    /** By a queue that goes with the connection. */
    void hear(String exchange, Consumer<String> listener) throws IOException {
      Channel channel = connection.createChannel();
      channel.exchangeDeclare(exchange, "fanout", true);
      String queue = channel.queueDeclare().getQueue();
      channel.queueBind(queue, exchange, "");
      channel.basicConsume(
          queue,
          true,
          (tag, said) -> listener.accept(new String(said.getBody(), StandardCharsets.UTF_8)),
          tag -> over.countDown());
    }

    private synchronized void subscribe(Subscription each) throws IOException {
      if (cancelled) {
        return;
      }
      Channel channel = connection.createChannel();
      channel.addShutdownListener(cause -> over.countDown());
      channel.basicQos(each.prefetch());
      channels.add(channel);
      tags.add(
          channel.basicConsume(
              each.queue().name(),
              false,
              (tag, delivery) -> each.receiver().accept(new AmqpDelivery(channel, delivery)),
              tag -> over.countDown())); // the queue was deleted, or has moved
    }

    synchronized void cancel() {
      cancelled = true;
      for (int i = 0; i < channels.size(); i++) {
        try {
          channels.get(i).basicCancel(tags.get(i));
        } catch (IOException | RuntimeException e) {
          // The connection is lost: nothing is received.
        }
      }
    }
  }
}
