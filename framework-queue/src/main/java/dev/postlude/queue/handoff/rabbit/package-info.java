/**
 * Workers of our own in other processes, on this or on other machines, which are handed their tasks
 * over RabbitMQ.
 *
 * <p>The durable queue in front is the outbox. A task goes from there to the quorum queue of its
 * type; a worker runs it, and says what became of it on the queue for replies of that outbox, which
 * takes it down from there. Waits between attempts are kept by the outbox, and RabbitMQ keeps no
 * task that is not to run now.
 *
 * <pre>{@code
 * outbox -- postlude.tasks.resize -----> worker --+
 *   ^                |  lost its process twice?     |
 *   |                +-- postlude.suspects.resize --> worker, alone in its process
 *   |                                               |
 *   +---------------- postlude.replies.<outbox> <---+
 * }</pre>
 *
 * <p>A worker has no more messages out than it has threads, and settles one only when RabbitMQ has
 * confirmed the reply. When its process dies all that it had out is delivered again, and counted by
 * RabbitMQ, for the guilty and the innocent alike. What was lost twice is therefore moved to a
 * queue of suspects, which are run one at a time with nothing beside them: only who loses its
 * process there is given up.
 */
package dev.postlude.queue.handoff.rabbit;
