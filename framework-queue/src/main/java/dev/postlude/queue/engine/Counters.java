package dev.postlude.queue.engine;

import java.util.concurrent.atomic.LongAdder;

/** What this process has done since it started. */
final class Counters {
  final LongAdder enqueued = new LongAdder();
  final LongAdder succeeded = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder dead = new LongAdder();
  final LongAdder runNanos = new LongAdder();
}
