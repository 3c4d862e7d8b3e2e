package dev.postlude.queue.handoff.broker;

import java.io.IOException;

/** RabbitMQ has no queue of that name, and has given the message back. */
public final class NoSuchQueueException extends IOException {
  private static final long serialVersionUID = 1;

  NoSuchQueueException(String queue, String answer) {
    super(
        "RabbitMQ has no queue \""
            + queue
            + "\": "
            + answer
            + ". Its workers declare it when they start.");
  }
}
