/**
 * What travels with a request: its attributes, and the context of the thread that handles it.
 *
 * <p>{@link dev.postlude.context.Attributes} are values that a request carries openly, under typed
 * keys. A {@link dev.postlude.context.ContextCarrier} takes what hangs on the thread instead (a
 * logging context, a trace) over to the thread that runs a background task, and leaves that thread
 * as it was found.
 *
 * <p>Everything here is immutable and may be used from any thread. Knows no other package of the
 * framework.
 */
package dev.postlude.context;
