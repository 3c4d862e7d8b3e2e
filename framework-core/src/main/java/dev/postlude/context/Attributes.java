package dev.postlude.context;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a request: an immutable set of typed values, each found by its {@link Key}.
 *
 * <p>May be read by any thread. What the values themselves allow is their own affair. Meant for a
 * handful of values (a user, a tenant, a trace): finding one looks at each in turn.
 */
public final class Attributes {
  private static final Attributes EMPTY = new Attributes(new Object[0]);

  /** Key, value, key, value ... */
  private final Object[] pairs;

  private Attributes(Object[] pairs) {
    this.pairs = pairs;
  }

  /** Returns the attributes of a request that has none. */
  public static Attributes empty() {
    return EMPTY;
  }

  /** Returns a copy in which the key has this value, in place of the one it may have had. */
  public <T> Attributes with(Key<T> key, T value) {
    Objects.requireNonNull(key, "An attribute needs a key.");
    Objects.requireNonNull(value, "An attribute's value may not be null; leave the attribute out.");
    int at = indexOf(key);
    Object[] copy = Arrays.copyOf(pairs, at < 0 ? pairs.length + 2 : pairs.length);
    int to = at < 0 ? pairs.length : at;
    copy[to] = key;
    copy[to + 1] = value;
    return new Attributes(copy);
  }

  /** Finds the value of the key, or nothing. */
  public <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable(valueOf(key));
  }

  /**
   * Returns the value of the key.
   *
   * @throws NoSuchElementException if there is none; the message names the keys that there are
   */
  public <T> T get(Key<T> key) {
    T value = valueOf(key);
    if (value == null) {
      throw new NoSuchElementException(
          "There is no attribute "
              + key
              + " here, only "
              + this
              + ". Did the filter that sets it run before this?");
    }
    return value;
  }

  /** Tells whether there is no attribute at all. */
  public boolean isEmpty() {
    return pairs.length == 0;
  }

  /** Names the keys, not the values: these may be secrets, and attributes end up in messages. */
  @Override
  public String toString() {
    StringJoiner names = new StringJoiner(", ", "[", "]");
    for (int i = 0; i < pairs.length; i += 2) {
      names.add(((Key<?>) pairs[i]).name());
    }
    return names.toString();
  }

  @SuppressWarnings(
      "unchecked") // with() is the only way in, and it takes a Key<T> and a T together
  private <T> @Nullable T valueOf(Key<T> key) {
    int at = indexOf(Objects.requireNonNull(key, "Ask for an attribute by its key."));
    return at < 0 ? null : (T) pairs[at + 1];
  }

  private int indexOf(Key<?> key) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i] == key) {
        return i;
      }
    }
    return -1;
  }
}
