/**
 * The frameworks of others, one a file, each written as its own documentation would have it, with
 * as many event loops as there are processors and with the checks on that it has. Compiled with the
 * profile {@code benchmarks} only, which has their libraries.
 */
package dev.postlude.benchmarks.http.peers.frameworks;
