package dev.postlude.filter;

import dev.postlude.http.Filter;
import dev.postlude.http.Handler;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Believes what proxies of yours say of the client: the request's {@link Request#remote}, {@link
 * Request#secure} and {@code Host} become the client's. What anybody else says is passed over, so
 * that no client can choose its address.
 *
 * <p>The proxies are walked from the one that is connected: while an address is a trusted proxy's,
 * what it says of the one before it is believed, and the first that is not is the client's. Read
 * are {@code X-Forwarded-For}, {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}, or with
 * {@link #forwarded} the standard's {@code Forwarded} (RFC 7239), and never both: a proxy that
 * writes one passes on the other as the client made it up. For the same reason your proxies must
 * set or remove each of the three.
 *
 * <p>Add it before all other filters.
 */
public final class TrustedProxies implements Filter {
  private static final Pattern NODE =
      Pattern.compile("(?:\\[(?<six>[^]]*)]|(?<four>[^:]*))(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private final List<Cidr> trusted;
  private final boolean forwarded;

  private TrustedProxies(List<Cidr> trusted, boolean forwarded) {
    this.trusted = trusted;
    this.forwarded = forwarded;
  }

  /**
   * Believes the {@code X-Forwarded-*} of proxies in these blocks of addresses.
   *
   * @param blocks such as {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address
   */
  public static TrustedProxies of(String... blocks) {
    if (blocks.length == 0) {
      throw new IllegalArgumentException("name the addresses of your proxies: 10.0.0.0/8");
    }
    return new TrustedProxies(Arrays.stream(blocks).map(Cidr::of).toList(), false);
  }

  /** A copy that reads {@code Forwarded} instead. */
  public TrustedProxies forwarded() {
    return new TrustedProxies(trusted, true);
  }

  @Override
  public Response filter(Request request, Handler next) throws Exception {
    return next.handle(isTrusted(request.remote()) ? asSentByClient(request) : request);
  }

  private boolean isTrusted(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    return address != null && trusted.stream().anyMatch(block -> block.contains(address));
  }

  private Request asSentByClient(Request request) {
    InetSocketAddress remote = request.remote();
    Hop told = null;
    for (Hop hop : Hop.nearestFirst(request.headers(), forwarded)) {
      told = hop;
      InetSocketAddress before = address(hop.node());
      if (before == null) {
        break; // a name made up or not told: the proxy that says so is as far as can be seen
      }
      remote = before;
      if (!isTrusted(before)) {
        break;
      }
    }
    if (told == null) {
      return request;
    }
    Request seen = request.from(remote, isSecure(told.scheme(), request.secure()));
    return HOST.matcher(told.host()).matches() ? seen.header("Host", told.host()) : seen;
  }

  private static boolean isSecure(String scheme, boolean otherwise) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "https", "wss" -> true;
      case "http", "ws" -> false;
      default -> otherwise;
    };
  }

  /** RFC 7239 section 6, and the bare IPv6 address that is usual in {@code X-Forwarded-For}. */
  private static @Nullable InetSocketAddress address(String node) {
    InetAddress bare = Cidr.address(node);
    if (bare != null) {
      return new InetSocketAddress(bare, 0);
    }
    Matcher parts = NODE.matcher(node);
    if (!parts.matches()) {
      return null;
    }
    String six = parts.group("six");
    InetAddress address = Cidr.address(six != null ? six : parts.group("four"));
    int port = parts.group("port") == null ? 0 : Integer.parseInt(parts.group("port"));
    return address == null || port > 65_535 ? null : new InetSocketAddress(address, port);
  }
}
