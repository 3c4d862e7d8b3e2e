/**
 * For people who test their own apps: {@link dev.postlude.test.TestClient}, whose calls return
 * after the background tasks.
 *
 * <pre>{@code
 * TestClient -- TestRequest -- PlainHttp --.                      .-- TestResponse -- TestTask
 *     |                                    +-- RunningApp -- app -+
 *     '------- given() -- AfterwardsFilter-'        |             '-- Calls: what is heard of tasks
 *                                                Waiting -- TestTimer
 * }</pre>
 *
 * <p>A call carries an id in a header, {@code Postlude-Test-Call}. A filter around the app finds it
 * and hands the call on as an attribute of the request, so that everything that the app's listener
 * is told of, it is told of with the call that it belongs to. Handlers see that header, and nothing
 * else of it. {@link dev.postlude.test.TestEvents} and {@link dev.postlude.test.TestWebSocket} are
 * calls that go on for a while: their promise is kept when they end.
 */
@NullMarked
package dev.postlude.test;

import org.jspecify.annotations.NullMarked;
