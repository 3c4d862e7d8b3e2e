/**
 * The way out: tasks that are done by another system, which is told of them through the durable
 * queue. Implementations for single systems live in packages below this one.
 */
package dev.postlude.queue.handoff;
