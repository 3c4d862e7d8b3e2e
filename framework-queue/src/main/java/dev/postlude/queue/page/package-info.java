/**
 * A page on which people see what a queue is doing, and the same as JSON and for Prometheus.
 *
 * <pre>{@code
 * TaskPage            the routes, and what they refuse
 *   Pictures          what is shown, as JSON
 *   Metrics           the same for Prometheus
 *   InProcess         what core's own tasks are doing, heard as a listener
 * }</pre>
 */
package dev.postlude.queue.page;
