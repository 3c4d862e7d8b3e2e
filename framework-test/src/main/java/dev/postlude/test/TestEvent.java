package dev.postlude.test;

/**
 * A server-sent event as a test received it.
 *
 * @param id the last id that the stream has named; empty while it has named none
 * @param type {@code message} unless the event says otherwise
 * @param data its lines, with a line feed between them
 */
public record TestEvent(String id, String type, String data) {}
