/**
 * The comparison of HTTP servers: each peer in a JVM of its own, all with the same flags and the
 * same endpoints, loaded over the loopback interface in rotation.
 *
 * <pre>
 *   HttpComparison -- starts --> ServerProcess == child JVM: PeerProcess -> Peer
 *        |  '-- Answers: every endpoint answers as it should, before anything is measured
 *        '-- Wrk: load; CPU time of the child before and after -> Results -> Markdown, JSON, chart
 * </pre>
 */
@NullMarked
package dev.postlude.benchmarks.http;

import org.jspecify.annotations.NullMarked;
