/**
 * Threads: where they come from on a JDK with virtual threads, and on one without; and the signals
 * that end the process.
 *
 * <p>Not part of the framework's public face. Knows no other package of the framework.
 */
package dev.postlude.concurrent;
