/**
 * Hand-off to workers written in Python: Celery, Dramatiq and RQ.
 *
 * <p>Each speaks a format of its own over RabbitMQ or Redis. We write messages as the worker's own
 * client would, and read what it stores of the end; nothing is to be installed at the worker's
 * side, and nothing that is not JSON is ever read.
 */
package dev.postlude.queue.handoff.python;
