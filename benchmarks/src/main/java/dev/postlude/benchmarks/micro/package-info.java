/**
 * What the pieces of Postlude cost, measured by JMH: {@code java -jar
 * benchmarks/target/postlude-benchmarks.jar jmh -prof gc}.
 *
 * <p>Read the allocation ({@code gc.alloc.rate.norm}, bytes an operation) first: it is the same on
 * every machine.
 */
@NullMarked
package dev.postlude.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
