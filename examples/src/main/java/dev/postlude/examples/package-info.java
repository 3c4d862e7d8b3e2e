/**
 * Programs to learn from, one idea a file: each has an {@code app()} that can be started, and its
 * routes apart from it, which the gallery mounts beside those of the others. {@code java -jar
 * postlude-examples.jar} opens the gallery.
 */
@NullMarked
package dev.postlude.examples;

import org.jspecify.annotations.NullMarked;
