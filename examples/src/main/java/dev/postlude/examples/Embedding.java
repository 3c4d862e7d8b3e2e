package dev.postlude.examples;

import java.time.Duration;
import java.util.Locale;

/**
 * A text as a point in space, where similar texts are near each other. The model that makes it is
 * slow, as such models are, and simple: it counts the text's trigrams.
 */
final class Embedding {
  private static final int DIMENSIONS = 256;

  private final double[] vector;

  private Embedding(double[] vector) {
    this.vector = vector;
  }

  /** Calls the model; blocks for a second or so. */
  static Embedding of(String text) throws InterruptedException {
    Pretend.work(Duration.ofMillis(800));
    String padded = " " + text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ") + " ";
    double[] counts = new double[DIMENSIONS];
    for (int i = 0; i + 3 <= padded.length(); i++) {
      counts[Math.floorMod(padded.substring(i, i + 3).hashCode(), DIMENSIONS)]++;
    }
    return new Embedding(counts);
  }

  /** The cosine of the angle between the two: 1 for the same direction, 0 for nothing in common. */
  double similarity(Embedding other) {
    return dot(other) / Math.max(1e-9, Math.sqrt(dot(this) * other.dot(other)));
  }

  private double dot(Embedding other) {
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      sum += vector[i] * other.vector[i];
    }
    return sum;
  }
}
