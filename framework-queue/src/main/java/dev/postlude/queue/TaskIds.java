package dev.postlude.queue;

import dev.postlude.http.HttpException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of tasks: 32 hexadecimal digits. */
final class TaskIds {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 10;

  private TaskIds() {}

  /**
   * An id that nobody can guess, and that is greater than those made before: what is stored one
   * after the other lies side by side in the database's index.
   */
  static String fresh() {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return HexFormat.of().toHexDigits(System.currentTimeMillis(), 12)
        + HexFormat.of().formatHex(random);
  }

  /** The one id of a key among the tasks of a type. */
  static String of(String name, String key) {
    if (key.isEmpty() || key.length() > 500) {
      throw new HttpException(400, "an idempotency key has 1 to 500 characters");
    }
    // Half a pair of surrogates is written like any other half: two keys would be one.
    if (key.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
      throw new HttpException(400, "an idempotency key is made of whole characters");
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((name + '\0' + key).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
