/**
 * Background tasks that survive the process, and that leave the machine.
 *
 * <pre>{@code
 * page                           what the people see who run an app; knows the two below
 * TaskQueue, TaskType            what apps say
 *   engine                       runs what is stored; alone knows db-scheduler
 *     store                      two tables and all SQL; alone knows the drivers
 *       task                     handlers, policies, states, pictures
 *     handoff                    the way to other systems, and to our own workers over RabbitMQ
 * }</pre>
 *
 * <h2>The way of a task</h2>
 *
 * <pre>{@code
 * with() in a response           enqueue()
 *        |                           |
 *      HELD -- released, or its ---> QUEUED ---> RUNNING ---> SUCCEEDED
 *        |     hold expires            ^  |        | | |
 *        |                             |  |        | | '--> DEAD -- retry() --> QUEUED
 *   revoked: gone                      |  |        | |
 *                            RETRYING -'  |        | '--> HANDED_OFF ---> SUCCEEDED or DEAD
 *                               ^  |      |        |
 *                               '--|------|--------'  failed, or its process ended
 *                                  '------'----> CANCELLED
 * }</pre>
 *
 * <p>A response with a stored task is written when the task is on disk. Until the response is
 * written the task is held, so that it does not run before its client has an answer; if the process
 * dies in between, the hold expires and the task runs, since the client may have read the answer.
 *
 * <h2>Threads</h2>
 *
 * <p>{@code postlude-queue-writer} makes all changes, many in one commit; nobody else waits for a
 * disk but the workers, which wait for what they have done to be written down. {@code
 * postlude-queue-picks} looks for due tasks, {@code postlude-queue-heartbeats} tells other
 * processes that this one lives, {@code postlude-queue-timer} extends holds, interrupts what takes
 * too long, and tidies. Handlers run on workers: virtual threads where there are such.
 *
 * <h2>At least once</h2>
 *
 * <p>What has been accepted is run until it has succeeded or is dead. A handler is called again for
 * a task that it had done when its process ends, or loses its database for long, before that is
 * written down; and when its process is silent for so long that another takes over.
 */
package dev.postlude.queue;
