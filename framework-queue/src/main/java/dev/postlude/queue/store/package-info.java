/**
 * The tables and all SQL that is ever said to them.
 *
 * <p>{@code tasks} is ours: a row for each task from its birth until it is forgotten. {@code due}
 * is the scheduler's: a row for each task that will run again, with who has picked it and its last
 * heartbeat. {@code identity} has one row, which tells this store from others on a broker that they
 * share. The first two change together, in one transaction; a change made for an attempt names the
 * version under which the task was picked, and does nothing when somebody else has picked it since.
 *
 * <p>All that this process writes, save heartbeats, goes through the one thread of the {@link
 * dev.postlude.queue.store.Writer}, which commits together what came in together. Reading takes a
 * connection of its own, on the caller's thread.
 */
package dev.postlude.queue.store;
