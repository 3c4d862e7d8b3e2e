/**
 * Connections to RabbitMQ and Redis. The only package that knows their clients, which are optional:
 * nothing here is loaded before somebody names such a server.
 */
package dev.postlude.queue.handoff.broker;
