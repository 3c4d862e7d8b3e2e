package dev.postlude.http;

import java.util.Objects;

/**
 * A request method: one of the registered ones or any other token. Methods are case-sensitive
 * ({@code get} is not {@code GET}): RFC 9110 section 9.1.
 */
public final class Method {
  public static final Method GET = new Method("GET");
  public static final Method HEAD = new Method("HEAD");
  public static final Method POST = new Method("POST");
  public static final Method PUT = new Method("PUT");
  public static final Method PATCH = new Method("PATCH");
  public static final Method DELETE = new Method("DELETE");
  public static final Method OPTIONS = new Method("OPTIONS");

  private final String name;

  private Method(String name) {
    this.name = name;
  }

  /**
   * The method of that name.
   *
   * @throws IllegalArgumentException when the name is not a token of RFC 9110 section 5.6.2
   */
  public static Method of(String name) {
    return switch (name) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "POST" -> POST;
      case "PUT" -> PUT;
      case "PATCH" -> PATCH;
      case "DELETE" -> DELETE;
      case "OPTIONS" -> OPTIONS;
      default -> new Method(Token.require(name, "method"));
    };
  }

  /** The name as it stands on the wire. */
  public String name() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Method method && method.name.equals(name));
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
