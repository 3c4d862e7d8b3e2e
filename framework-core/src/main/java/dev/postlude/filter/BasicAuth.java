package dev.postlude.filter;

import dev.postlude.context.Key;
import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who has a user name and a password: RFC 7617. Others get 401 with a challenge, at which
 * browsers ask for them.
 *
 * <p>The password crosses the network in the clear: use it over TLS only. Put {@link Cors} before
 * it, since browsers send preflights without a password.
 */
public final class BasicAuth implements Filter {
  /**
   * The name of the user who was let in, for handlers and background tasks: {@code
   * request.get(BasicAuth.USER)}.
   */
  public static final Key<String> USER = Key.of("user");

  private static final String SCHEME = "Basic ";

  private final Check check;
  private final HttpException refusal;

  /** Decides who is let in. */
  @FunctionalInterface
  public interface Check {
    /**
     * Whether this is the user's password. Called for each request, on its handler's thread, by
     * many threads at once; compare in a time that does not depend on the password, as
     * password-hashing libraries do.
     */
    boolean accepts(String user, String password) throws Exception;
  }

  private BasicAuth(String realm, Check check) {
    this.check = Objects.requireNonNull(check, "check");
    this.refusal =
        new HttpException(401, "a user name and a password are wanted here")
            .header(
                "WWW-Authenticate",
                "Basic realm=\"" + requireRealm(realm) + "\", charset=\"UTF-8\"");
  }

  /**
   * Lets in whom a check accepts.
   *
   * @param realm what browsers may show the user when they ask; printable ASCII without quotes and
   *     backslashes
   */
  public static BasicAuth of(String realm, Check check) {
    return new BasicAuth(realm, check);
  }

  /**
   * Lets in a handful of users whose passwords are known when the program starts, out of its
   * environment as a rule. They are compared in a time that depends neither on the password nor on
   * whether there is such a user.
   *
   * @param passwords by user name
   */
  public static BasicAuth of(String realm, Map<String, String> passwords) {
    return new BasicAuth(realm, new Known(passwords));
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    String credentials = credentials(request);
    int colon = credentials == null ? -1 : credentials.indexOf(':');
    if (credentials == null || colon < 0 || credentials.chars().anyMatch(Character::isISOControl)) {
      throw refusal;
    }
    String user = credentials.substring(0, colon);
    if (!check.accepts(user, credentials.substring(colon + 1))) {
      throw refusal;
    }
    return next.handle(request.with(USER, user));
  }

  private static @Nullable String credentials(Request request) {
    String given = request.header("Authorization").orElse("");
    if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(given.substring(SCHEME.length()).strip());
      return new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String requireRealm(String realm) {
    for (int i = 0; i < realm.length(); i++) {
      char c = realm.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
        throw new IllegalArgumentException(
            "a realm is printable ASCII without quotes and backslashes: '" + realm + "'");
      }
    }
    return realm;
  }

  /** Passwords as digests, which are all of one length. */
  private static final class Known implements Check {
    private final byte[] salt = new byte[16];
    private final List<byte[]> digests = new ArrayList<>();

    Known(Map<String, String> passwords) {
      if (passwords.isEmpty()) {
        throw new IllegalArgumentException("nobody would ever be let in: name a user");
      }
      new SecureRandom().nextBytes(salt);
      passwords.forEach(
          (user, password) -> {
            if (user.isEmpty() || user.indexOf(':') >= 0) {
              throw new IllegalArgumentException(
                  "a user name is not empty and holds no colon: '" + user + "'");
            }
            if (password.isEmpty()) {
              throw new IllegalArgumentException("the password of '" + user + "' is empty");
            }
            digests.add(digest(user, password));
          });
    }

    /** Looks at every user, whoever it is, so that the time tells nothing. */
    @Override
    public boolean accepts(String user, String password) {
      byte[] given = digest(user, password);
      boolean accepted = false;
      for (byte[] known : digests) {
        accepted |= MessageDigest.isEqual(known, given);
      }
      return accepted;
    }

    /** Unmistakable, since a user name holds no colon. */
    private byte[] digest(String user, String password) {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(salt);
        return sha.digest((user + ":" + password).getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
