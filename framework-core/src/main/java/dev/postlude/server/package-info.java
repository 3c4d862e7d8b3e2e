/**
 * How bytes become requests and responses bytes: the only room that knows Netty.
 *
 * <p>In the order of the journey: {@code RequestDecoder} parses (what is plain by {@code
 * PlainHead}, anything else by Netty's parser and {@code RequestHead}), {@code Reception} and
 * {@code Turns} keep the order, {@code Batch} hops to a worker and back, {@code Dispatcher} calls
 * the handler there, {@code Http1Connection}, {@code ResponseWriter} and {@code ResponseEncoding}
 * write, and {@code Afterwards}, the listener on the promise of the last write, releases the
 * background work. Two hops are made for several at a time: to the handlers ({@code Departures})
 * and to the background work ({@code Releases}). Connections live on one event loop each; handlers
 * run on workers unless their route asked otherwise.
 */
package dev.postlude.server;
