/**
 * What tests against real programs start: RabbitMQ, Redis, workers in Python, other JVMs and a
 * browser, all on loopback. Where a program is missing the test says so loudly, and {@code .ci/run}
 * does not pass.
 */
package dev.postlude.rig;
