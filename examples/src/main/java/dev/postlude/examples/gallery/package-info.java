/** The page that shows the examples, and the command that starts them. */
@NullMarked
package dev.postlude.examples.gallery;

import org.jspecify.annotations.NullMarked;
