package dev.postlude.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cookie to be set: RFC 6265bis, section 4.1.
 *
 * <p>Unless said otherwise scripts cannot read it ({@code HttpOnly}), other sites' requests do not
 * carry it except when a link to here is followed ({@code SameSite=Lax}), it is sent with every
 * path, to this host only, and lasts as long as the browser is open. {@code Secure} is left to you,
 * since the browser sends such a cookie over TLS only: say {@code secure(true)}, or give it a name
 * that begins with {@code __Host-}, which says it for you.
 *
 * <p>Immutable: every change is a copy. Values are sent as they are; encode what may hold other
 * characters.
 */
public final class Cookie {
  private static final int MAX_PAIR = 4096;
  private static final int MAX_ATTRIBUTE = 1024;

  private final String name;
  private final String value;
  private final String path;
  private final String domain;
  private final @Nullable Duration maxAge;
  private final boolean secure;
  private final boolean httpOnly;
  private final SameSite sameSite;

  /** Which requests from other sites carry the cookie. */
  public enum SameSite {
    /** None. */
    STRICT("Strict"),
    /** Those by which the user comes here: links that are followed. */
    LAX("Lax"),
    /** All; browsers want {@code Secure} as well. */
    NONE("None");

    private final String word;

    SameSite(String word) {
      this.word = word;
    }
  }

  private Cookie(
      String name,
      String value,
      String path,
      String domain,
      @Nullable Duration maxAge,
      boolean secure,
      boolean httpOnly,
      SameSite sameSite) {
    this.name = name;
    this.value = value;
    this.path = path;
    this.domain = domain;
    this.maxAge = maxAge;
    this.secure = secure;
    this.httpOnly = httpOnly;
    this.sameSite = sameSite;
    requireCoherent();
  }

  /**
   * A cookie with the safe defaults; {@code Secure} if the name begins with {@code __Host-} or
   * {@code __Secure-}.
   *
   * @throws IllegalArgumentException when the name is no token, the value holds a blank, a comma, a
   *     semicolon, a quote, a backslash or anything but printable ASCII, or both are longer than
   *     4,096 characters together
   */
  public static Cookie of(String name, String value) {
    Token.require(name, "cookie name");
    requireValue(name, value);
    if (name.length() + value.length() > MAX_PAIR) {
      throw new IllegalArgumentException(
          "browsers drop cookies whose name and value are longer than 4096 characters, cookie "
              + Token.quoted(name)
              + " has "
              + (name.length() + value.length())
              + ": keep the data here and put its id into the cookie");
    }
    return new Cookie(name, value, "/", "", null, hasSecureName(name), true, SameSite.LAX);
  }

  public String name() {
    return name;
  }

  public String value() {
    return value;
  }

  /** The path under which it is sent. */
  public String path() {
    return path;
  }

  /** The domain that it is sent to, with all below it; empty for the host that set it, alone. */
  public Optional<String> domain() {
    return domain.isEmpty() ? Optional.empty() : Optional.of(domain);
  }

  /** How long it lasts; empty for as long as the browser is open. */
  public Optional<Duration> maxAge() {
    return Optional.ofNullable(maxAge);
  }

  public boolean secure() {
    return secure;
  }

  public boolean httpOnly() {
    return httpOnly;
  }

  public SameSite sameSite() {
    return sameSite;
  }

  /** A copy that is sent with requests for this path and those below it. */
  public Cookie path(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "a cookie's path starts with a slash: " + Token.quoted(path));
    }
    requireAttribute("path", path);
    return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
  }

  /**
   * A copy that is sent to this domain and all below it. Leave it out where one host is enough:
   * every host of the domain can read such a cookie.
   */
  public Cookie domain(String domain) {
    if (domain.startsWith(".")) {
      throw new IllegalArgumentException(
          "a cookie's domain covers those below it by itself: leave out the dot before "
              + Token.quoted(domain.substring(1)));
    }
    if (!domain.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*")) {
      throw new IllegalArgumentException(
          "a cookie's domain is a host name such as example.org, not " + Token.quoted(domain));
    }
    requireAttribute("domain", domain);
    String lower = domain.toLowerCase(Locale.ROOT);
    return new Cookie(name, value, path, lower, maxAge, secure, httpOnly, sameSite);
  }

  /**
   * A copy that lasts this long, in whole seconds; zero deletes the cookie. Browsers keep none for
   * longer than 400 days.
   */
  public Cookie maxAge(Duration maxAge) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("a cookie lasts 0 seconds or more, not " + maxAge);
    }
    return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
  }

  /** A copy that is sent over TLS only, or over plain HTTP too. */
  public Cookie secure(boolean secure) {
    return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
  }

  /** A copy that scripts cannot read, or can. */
  public Cookie httpOnly(boolean httpOnly) {
    return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
  }

  /**
   * A copy that requests from other sites carry as told.
   *
   * @throws IllegalArgumentException for {@code NONE} when the cookie is not secure
   */
  public Cookie sameSite(SameSite sameSite) {
    Objects.requireNonNull(sameSite, "sameSite");
    return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
  }

  /** The value of the {@code Set-Cookie} field. */
  public String field() {
    StringBuilder field = new StringBuilder(name).append('=').append(value);
    field.append("; Path=").append(path);
    if (!domain.isEmpty()) {
      field.append("; Domain=").append(domain);
    }
    if (maxAge != null) {
      field.append("; Max-Age=").append(maxAge.toSeconds());
    }
    if (secure) {
      field.append("; Secure");
    }
    if (httpOnly) {
      field.append("; HttpOnly");
    }
    return field.append("; SameSite=").append(sameSite.word).toString();
  }

  /** The headers with this cookie set: once, in place of one of the same name, domain and path. */
  Headers setIn(Headers headers) {
    Headers changed = headers.without("Set-Cookie");
    for (String other : headers.all("Set-Cookie")) {
      if (!identity(other).equals(identity(field()))) {
        changed = changed.and("Set-Cookie", other);
      }
    }
    return changed.and("Set-Cookie", field());
  }

  /** What browsers tell cookies apart by. */
  private static String identity(String field) {
    StringBuilder identity = new StringBuilder(field.substring(0, Math.max(0, field.indexOf('='))));
    for (String attribute : field.split(";", -1)) {
      String text = attribute.strip().toLowerCase(Locale.ROOT);
      if (text.startsWith("domain=") || text.startsWith("path=")) {
        identity.append(';').append(attribute.strip());
      }
    }
    return identity.toString();
  }

  private static boolean hasSecureName(String name) {
    return startsWith(name, "__Host-") || startsWith(name, "__Secure-");
  }

  /** Browsers compare the prefixes without regard to case: RFC 6265bis, section 5.4. */
  private static boolean startsWith(String name, String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  private void requireCoherent() {
    if (sameSite == SameSite.NONE && !secure) {
      throw new IllegalArgumentException(
          "browsers drop cookies of SameSite=None that are not Secure: say secure(true) before"
              + " sameSite(NONE) for cookie "
              + Token.quoted(name));
    }
    if (hasSecureName(name) && !secure) {
      throw new IllegalArgumentException(
          "browsers drop cookie " + Token.quoted(name) + " unless it is Secure: leave that on");
    }
    if (startsWith(name, "__Host-") && !(domain.isEmpty() && path.equals("/"))) {
      throw new IllegalArgumentException(
          "browsers drop cookie "
              + Token.quoted(name)
              + " unless it has no domain and the path '/': leave these out, or name it __Secure-"
              + " instead of __Host-");
    }
  }

  private static void requireValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
        throw new IllegalArgumentException(
            "cookie "
                + Token.quoted(name)
                + ": the value holds a character that may not be in it at index "
                + i
                + "; encode the value, with URLEncoder or as base64url");
      }
    }
  }

  private static void requireAttribute(String what, String text) {
    if (text.length() > MAX_ATTRIBUTE) {
      throw new IllegalArgumentException(
          "browsers pass over a cookie's " + what + " of more than 1024 characters: shorten it");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f || c == ';') {
        throw new IllegalArgumentException(
            "a cookie's "
                + what
                + " holds a character that may not be in it at index "
                + i
                + "; percent-encode it: "
                + Token.quoted(text));
      }
    }
  }

  /** Names the cookie, and not its value, which may be a secret. */
  @Override
  public String toString() {
    return "Cookie " + name;
  }
}
