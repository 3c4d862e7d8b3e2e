package dev.postlude.queue.handoff.rabbit;

import dev.postlude.queue.handoff.broker.AmqpQueue;

/** What the queues are called, and how they are connected. */
record RabbitNames(String prefix) {
  AmqpQueue tasks(String type) {
    return new AmqpQueue(prefix + ".tasks." + type, dead().name());
  }

  AmqpQueue suspects(String type) {
    return new AmqpQueue(prefix + ".suspects." + type, dead().name());
  }

  /** The exchange by which all workers hear what was called off. */
  String cancelled() {
    return prefix + ".cancelled";
  }

  /** Where one outbox is told what became of its tasks. */
  AmqpQueue replies(String outbox) {
    return new AmqpQueue(prefix + ".replies." + outbox, "");
  }

  /** What RabbitMQ has given up, since no worker lived long enough to do so. */
  AmqpQueue dead() {
    return new AmqpQueue(prefix + ".dead", "");
  }
}
