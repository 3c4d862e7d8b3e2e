/**
 * How bytes become requests and responses bytes: the only room that knows Netty.
 *
 * <p>In the order of the journey: {@code RequestDecoder} parses, {@code RequestHead} checks, {@code
 * Http1Connection} keeps one request at a time in order, {@code Dispatcher} hops to a worker and
 * back, {@code ResponseWriter} and {@code ResponseEncoding} write, and {@code Afterwards}, the
 * listener on the promise of the last write, releases the background work. Connections live on one
 * event loop each; handlers run on workers unless their route asked otherwise.
 */
package dev.postlude.server;
