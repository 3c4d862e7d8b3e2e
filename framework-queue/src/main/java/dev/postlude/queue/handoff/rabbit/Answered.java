package dev.postlude.queue.handoff.rabbit;

import java.util.LinkedHashMap;
import java.util.Map;

/** The attempts that this process has answered of late, and need not do again. */
final class Answered {
  private static final int MOST = 10_000;

  private final Map<String, Boolean> marks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST;
        }
      };

  synchronized void add(String mark) {
    marks.put(mark, true);
  }

  synchronized boolean contains(String mark) {
    return marks.containsKey(mark);
  }
}
