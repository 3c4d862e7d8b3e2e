/**
 * The values and contracts that handlers are written with: requests, responses, handlers, filters.
 *
 * <p>Nothing in this room knows the network or starts a thread, but that files of uploads which
 * nobody knows any more are deleted by a {@link java.lang.ref.Cleaner}; {@link
 * dev.postlude.http.Json} alone knows Jackson. A {@link dev.postlude.http.Request} is a snapshot
 * and a {@link dev.postlude.http.Response} is immutable, so both may be kept for ever.
 */
package dev.postlude.http;
