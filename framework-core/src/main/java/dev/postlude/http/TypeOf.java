package dev.postlude.http;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;

/**
 * A type together with its type arguments, which a class literal cannot name: {@code new
 * TypeOf<List<Signup>>() {}}. The braces make a subclass, from which the arguments can be read at
 * run time.
 *
 * <p>Immutable; where it is used often keep it in a constant.
 *
 * @param <T> the type
 */
public abstract class TypeOf<T> {
  private final Type type;

  /**
   * Reads the type off the subclass.
   *
   * @throws IllegalStateException when the subclass does not name one
   */
  protected TypeOf() {
    Type named =
        getClass().getGenericSuperclass() instanceof ParameterizedType parent
                && parent.getRawType() == TypeOf.class
            ? parent.getActualTypeArguments()[0]
            : Object.class;
    if (named instanceof TypeVariable || named == Object.class) {
      throw new IllegalStateException(
          "write the type between the angle brackets, as in new TypeOf<List<String>>() {}: "
              + getClass().getName()
              + " names none");
    }
    this.type = named;
  }

  /** The type, as reflection knows it. */
  public final Type type() {
    return type;
  }

  @Override
  public final String toString() {
    return type.getTypeName();
  }
}
