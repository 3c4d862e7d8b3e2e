/**
 * Ours, and Netty by hand, which is what it is compared with. Not null-marked: Netty is not either.
 */
package dev.postlude.benchmarks.http.peers;
