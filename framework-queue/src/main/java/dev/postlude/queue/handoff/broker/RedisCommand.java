package dev.postlude.queue.handoff.broker;

import java.util.List;

/**
 * A command for Redis, with its arguments.
 *
 * @param name {@code RPUSH}, for example
 */
public record RedisCommand(String name, List<String> arguments) {
  /** Refuses to be changed afterwards. */
  public RedisCommand {
    arguments = List.copyOf(arguments);
  }

  /** Writes it as one would say it. */
  public static RedisCommand of(String name, String... arguments) {
    return new RedisCommand(name, List.of(arguments));
  }
}
