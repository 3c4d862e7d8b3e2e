/**
 * The queue beside others that keep tasks in a database: how many a second are stored and run, and
 * how soon one runs. All on SQLite, on the same disk, flushed alike.
 */
@NullMarked
package dev.postlude.benchmarks.queue;

import org.jspecify.annotations.NullMarked;
