package dev.postlude.server;

import dev.postlude.http.Headers;

/**
 * The field lines of a plain head, and what was read from them. Whoever keeps a connection tends to
 * send the same fields with each request: those that are the same byte for byte need not be read
 * again.
 *
 * @param text the lines without the empty one behind them; not to be changed
 */
record FieldLines(byte[] text, Headers headers, boolean keepAlive, long contentLength) {}
