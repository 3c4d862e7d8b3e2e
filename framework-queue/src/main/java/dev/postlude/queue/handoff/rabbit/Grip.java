package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.broker.AmqpDelivery;

/**
 * The hold that a worker has on a task, from its delivery until it is settled. When the connection
 * is lost meanwhile RabbitMQ delivers the task again, and that delivery is the one to settle then.
 * Safe for any thread.
 */
final class Grip {
  private final Turn turn = new Turn();
  private AmqpDelivery delivery; // guarded by this
  private boolean open; // guarded by this

  Grip(AmqpDelivery delivery) {
    this.delivery = delivery;
  }

  Turn turn() {
    return turn;
  }

  synchronized AmqpDelivery delivery() {
    return delivery;
  }

  /** Takes the task by another delivery; false when it was let go. */
  synchronized boolean change(AmqpDelivery again) {
    if (!open) {
      delivery = again;
    }
    return !open;
  }

  /** Lets go, and returns the latest delivery. */
  synchronized AmqpDelivery open() {
    open = true;
    return delivery;
  }
}
