package dev.postlude.context;

import java.util.Objects;

/**
 * The name and type of one attribute of a request.
 *
 * <p>A key is equal to itself only: two keys of the same name do not see each other's values, so
 * libraries cannot collide. Write it once, as a constant:
 *
 * <pre>{@code
 * static final Key<User> USER = Key.of("user");
 * }</pre>
 *
 * @param <T> the type of the value
 */
@SuppressWarnings("UnusedTypeParameter") // it is the type of what Attributes keep under the key
public final class Key<T> {
  private final String name;

  private Key(String name) {
    this.name = name;
  }

  /**
   * Makes a new key. The name serves messages only.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public static <T> Key<T> of(String name) {
    Objects.requireNonNull(name, "A key needs a name: Key.of(\"user\").");
    if (name.isBlank()) {
      throw new IllegalArgumentException("A key's name may not be blank: Key.of(\"user\").");
    }
    return new Key<>(name);
  }

  /** Tells the name that the key was made with. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "Key[" + name + "]";
  }
}
