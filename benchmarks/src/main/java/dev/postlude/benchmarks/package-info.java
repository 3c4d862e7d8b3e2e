/** What Postlude costs: alone, piece by piece, and beside its peers. */
@NullMarked
package dev.postlude.benchmarks;

import org.jspecify.annotations.NullMarked;
