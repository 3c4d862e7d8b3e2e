/**
 * Runs what is stored. The only room that knows db-scheduler, which looks for due tasks, starts
 * them, sends heartbeats and finds the dead; what a task's life consists of is ours.
 *
 * <pre>{@code
 * db-scheduler's loop --> Picks (asks the writer) --> a worker: AttemptRun --> the writer
 *      ^                                                    |
 *      +------ woken by: an arrival, a release, an end, a timer
 * }</pre>
 */
package dev.postlude.queue.engine;
