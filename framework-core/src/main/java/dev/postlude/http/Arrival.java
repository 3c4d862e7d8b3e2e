package dev.postlude.http;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a request came in, which all its copies share unless they say otherwise. Made by servers;
 * applications ask their {@link Request}.
 *
 * @param remote the peer's address
 * @param secure whether it came over TLS
 * @param atMillis when its head was complete, in milliseconds since the epoch
 * @param stream the body of a streaming route while it comes in, or {@code null} where it is in
 *     memory
 * @param options how far its body is read
 */
public record Arrival(
    InetSocketAddress remote,
    boolean secure,
    long atMillis,
    Trail trail,
    @Nullable InputStream stream,
    BodyOptions options) {
  /** One that has the default options. */
  public Arrival(
      InetSocketAddress remote,
      boolean secure,
      long atMillis,
      Trail trail,
      @Nullable InputStream stream) {
    this(remote, secure, atMillis, trail, stream, BodyOptions.defaults());
  }

  /** That of a request made by hand: now, over no network. */
  static Arrival byHand() {
    InetSocketAddress here = InetSocketAddress.createUnresolved("localhost", 0);
    return new Arrival(here, false, System.currentTimeMillis(), new Trail(), null);
  }

  /** A copy that came from there. */
  Arrival from(InetSocketAddress remote, boolean secure) {
    Objects.requireNonNull(remote, "remote");
    return new Arrival(remote, secure, atMillis, trail, stream, options);
  }

  /** A copy whose body is in memory. */
  Arrival inMemory() {
    return new Arrival(remote, secure, atMillis, trail, null, options);
  }

  /** A copy whose body is read so far. */
  Arrival with(BodyOptions options) {
    Objects.requireNonNull(options, "options");
    return new Arrival(remote, secure, atMillis, trail, stream, options);
  }
}
