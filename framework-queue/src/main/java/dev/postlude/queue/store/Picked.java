package dev.postlude.queue.store;

/**
 * A task that this process has picked.
 *
 * @param dueAt when it was due, in milliseconds since 1970
 * @param crashes how many of its attempts ended with their process
 * @param version what it is picked under: changes in the name of this pick do nothing once another
 *     is current
 */
public record Picked(String name, String id, long dueAt, int crashes, long version) {}
