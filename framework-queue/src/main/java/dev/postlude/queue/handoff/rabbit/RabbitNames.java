package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.broker.AmqpQueue;

/** What the queues are called, and how they are connected. */
record RabbitNames(String prefix) {
  AmqpQueue tasks(String type) {
    return new AmqpQueue(prefix + "." + type, dead().name());
  }

  AmqpQueue suspects(String type) {
    return new AmqpQueue(prefix + "." + type + ".suspects", dead().name());
  }

  AmqpQueue replies() {
    return new AmqpQueue(prefix + ".replies", "");
  }

  /** What RabbitMQ has given up, since no worker lived long enough to do so. */
  AmqpQueue dead() {
    return new AmqpQueue(prefix + ".dead", "");
  }
}
