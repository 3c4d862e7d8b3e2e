package dev.postlude.queue.handoff;

import java.time.Duration;

/**
 * Another system that does tasks. A type of tasks is defined with one in place of a handler.
 *
 * <p>The queue is the outbox: a task counts as handed off once {@link #publish} has returned. As
 * long as it throws it is tried again, soon at first and twice a minute in the end, which counts as
 * no attempt. Thereafter {@link #status} is asked from time to time, until it knows the end.
 *
 * <p>All methods but {@link #system} are called on workers of the queue, may block, and are called
 * by several at a time.
 */
public interface HandOff extends AutoCloseable {
  /** Names the system, for people: {@code celery}. */
  String system();

  /**
   * Makes itself ready to hear from the system, where it speaks by itself. Called once, before
   * anything is published; must not wait for the system.
   *
   * @param outbox identifies the store, which several processes may share: 32 hexadecimal digits
   * @throws Exception when it can never work; the queue does not start then
   */
  default void start(String outbox, Answers answers) throws Exception {}

  /**
   * Publishes a task, and returns when the system has confirmed that it has it. May be called more
   * than once for a task, with the same id.
   *
   * @return what the system knows it by, often {@link Envelope#id}
   * @throws dev.postlude.queue.task.FatalTaskException when the system will never take it: it is
   *     dead then
   * @throws Exception when it is not certain that the system has it
   */
  String publish(Envelope task) throws Exception;

  /**
   * Asks how far it is. Not called when {@link #askEvery} is zero.
   *
   * @param foreignId what {@link #publish} returned
   * @throws Exception when it cannot be found out now; asked again later
   */
  ForeignStatus status(String foreignId) throws Exception;

  /** Tells whether a task that it has can be called off. */
  default boolean canCancel() {
    return false;
  }

  /**
   * Tells whoever does a task that it was called off. Called on the thread of {@code
   * TaskQueue.cancel}, when the task counts as cancelled already: what is said of it afterwards is
   * dropped. Not called unless {@link #canCancel}.
   *
   * @param foreignId what {@link #publish} returned
   * @throws Exception when that could not be told; the task may be done all the same
   */
  default void cancel(String foreignId) throws Exception {}

  /**
   * How long to wait before asking first; doubled from time to time, up to a minute. Zero when the
   * system tells nothing: handed off is the end then.
   */
  default Duration askEvery() {
    return Duration.ofSeconds(1);
  }

  /** Closes the connection, if there is one. Called once, when the queue stops. */
  @Override
  default void close() throws Exception {}
}
