package dev.postlude.filter;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}: RFC 4632 and RFC 4291
 * section 2.3. Nothing here asks a name server.
 */
final class Cidr {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");

  private final byte[] network;
  private final int bits;

  private Cidr(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * Reads a block, or a single address.
   *
   * @throws IllegalArgumentException when it is neither, or holds every address there is
   */
  static Cidr of(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is no address and no block of them: write 10.0.0.0/8 or 2001:db8::1");
    }
    byte[] network = address.getAddress();
    int most = network.length * 8;
    int bits = slash < 0 ? most : bits(text.substring(slash + 1));
    if (bits < 1 || bits > most) {
      throw new IllegalArgumentException(
          "a block of these addresses has a prefix of 1 to " + most + " bits: '" + text + "'");
    }
    for (int i = bits; i < most; i++) {
      if ((network[i / 8] & (0x80 >> (i % 8))) != 0) {
        throw new IllegalArgumentException(
            "'" + text + "' has bits behind its prefix: is the address or the length wrong?");
      }
    }
    return new Cidr(network, bits);
  }

  private static int bits(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }

  /** Reads an address, or answers {@code null} for what is none, host names included. */
  static @Nullable InetAddress address(String text) {
    try {
      if (IPV4.matcher(text).matches()) {
        return InetAddress.getByName(text);
      }
      // In brackets it is never looked up as a name.
      return IPV6.matcher(text).matches() ? InetAddress.getByName("[" + text + "]") : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  boolean contains(InetAddress address) {
    byte[] given = address.getAddress();
    if (given.length != network.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (((given[i / 8] ^ network[i / 8]) & (0x80 >> (i % 8))) != 0) {
        return false;
      }
    }
    return true;
  }
}
