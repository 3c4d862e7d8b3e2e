/**
 * Where routes are written down and found again.
 *
 * <p>Two types on purpose: {@link dev.postlude.routing.Routes} is written to while an app is being
 * made, {@link dev.postlude.routing.Router} is what becomes of it, fixed. Everything here is called
 * on the thread of its caller and blocks nobody. It knows no server.
 */
package dev.postlude.routing;
