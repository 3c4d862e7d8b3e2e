/**
 * The roof: {@link dev.postlude.App}, where everything meets. From here a request can be followed
 * with a finger.
 *
 * <pre>
 *  bytes -- RequestDecoder -- RequestHead ----- Reception ----- Dispatcher --.
 *                                                                            |  event loop
 *  - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - + - - - - - - - -
 *                                                                            |  worker
 *                      your handler -- error boundary -- filters -- error boundary (Router)
 *                           |
 *                        Response  (its tasks' places are reserved: Dispatcher)
 *  - - - - - - - - - - - - -|- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -
 *                           |                                                   event loop
 *          Http1Connection -+- ResponseWriter -- ResponseEncoding -- bytes
 *                                    |
 *                                    '-- write future -- Afterwards
 *  - - - - - - - - - - - - - - - - - - - - - - - - - - - - | - - - - - - - - - - - - - - - - -
 *                                                          |                 background worker
 *                                                   BackgroundRunner -- your tasks
 * </pre>
 *
 * <p>Arrows between packages point down only: the roof knows {@code routing}, {@code server} and
 * {@code filter}, which do not know each other; they know {@code http}; that knows {@code
 * background} and {@code context}, which know neither HTTP nor Netty.
 */
package dev.postlude;
