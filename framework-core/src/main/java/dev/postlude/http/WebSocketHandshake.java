package dev.postlude.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A request for a WebSocket that is in order: RFC 6455 section 4.2. Routes made with {@code
 * routes.webSocket} see to it themselves; use it where one path answers both:
 *
 * <pre>{@code
 * routes.get("/news", request -> {
 *   if (!request.headers().lists("Upgrade", "websocket")) {
 *     return Response.html(PAGE);
 *   }
 *   WebSocketHandshake handshake = WebSocketHandshake.of(request, OPTIONS);
 *   return Response.webSocket(handshake, new News(handshake.subprotocol()));
 * });
 * }</pre>
 *
 * <p>Immutable.
 */
public final class WebSocketHandshake {
  private static final String VERSION = "13";
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Request request;
  private final WebSocketOptions options;
  private final String key;
  private final Optional<String> subprotocol;

  private WebSocketHandshake(
      Request request, WebSocketOptions options, String key, Optional<String> subprotocol) {
    this.request = request;
    this.options = options;
    this.key = key;
    this.subprotocol = subprotocol;
  }

  /**
   * Checks a request for a WebSocket with the default options; throws as {@link #of(Request,
   * WebSocketOptions)}.
   */
  public static WebSocketHandshake of(Request request) {
    return of(request, WebSocketOptions.defaults());
  }

  /**
   * Checks a request for a WebSocket.
   *
   * @throws HttpException 426 when it does not ask for one, or for another version than 13; 400
   *     when it is malformed; 403 when it was made by a page of another site
   */
  public static WebSocketHandshake of(Request request, WebSocketOptions options) {
    Objects.requireNonNull(options, "options");
    Headers headers = request.headers();
    if (!request.method().equals(Method.GET)
        || !headers.lists("Connection", "Upgrade")
        || !headers.lists("Upgrade", "websocket")) {
      throw new HttpException(
          426, "here is a WebSocket: connect with a client for it, by HTTP/1.1");
    }
    if (!headers.all("Sec-WebSocket-Version").equals(List.of(VERSION))) {
      throw new HttpException(426, "speak version 13 of the WebSocket protocol")
          .header("Sec-WebSocket-Version", VERSION);
    }
    if (headers.contains("Transfer-Encoding")
        || !headers.find("Content-Length").orElse("0").equals("0")) {
      throw new HttpException(400, "a WebSocket handshake has no body");
    }
    requireAllowedOrigin(headers, options);
    return new WebSocketHandshake(request, options, key(headers), agreed(headers, options));
  }

  private static void requireAllowedOrigin(Headers headers, WebSocketOptions options) {
    String origin = headers.first("Origin");
    if (origin != null && !options.allows(origin, headers.find("Host").orElse(""))) {
      throw new HttpException(403, "pages of " + Token.quoted(origin) + " may not connect here");
    }
  }

  private static String key(Headers headers) {
    List<String> keys = headers.all("Sec-WebSocket-Key");
    if (keys.size() == 1 && keys.get(0).length() == 24) {
      try {
        if (Base64.getDecoder().decode(keys.get(0)).length == 16) {
          return keys.get(0);
        }
      } catch (IllegalArgumentException e) {
        throw malformedKey().causedBy(e);
      }
    }
    throw malformedKey();
  }

  private static HttpException malformedKey() {
    return new HttpException(400, "Sec-WebSocket-Key is 16 bytes in Base64, once");
  }

  private static Optional<String> agreed(Headers headers, WebSocketOptions options) {
    Set<String> offered = new LinkedHashSet<>();
    for (String value : headers.all("Sec-WebSocket-Protocol")) {
      for (String name : value.split(",", -1)) {
        if (!Token.isToken(name.strip()) || !offered.add(name.strip())) {
          throw new HttpException(400, "Sec-WebSocket-Protocol is a list of different tokens");
        }
      }
    }
    return options.subprotocols().stream().filter(offered::contains).findFirst();
  }

  /** The request that was checked. */
  public Request request() {
    return request;
  }

  /** What the socket will allow. */
  public WebSocketOptions options() {
    return options;
  }

  /** The sub-protocol that was agreed on, one of the options'. */
  public Optional<String> subprotocol() {
    return subprotocol;
  }

  /** The header fields of the server's answer: section 4.2.2. */
  Headers answer() {
    Headers accepted = Headers.of("Sec-WebSocket-Accept", accept());
    return subprotocol
        .map(agreed -> accepted.and("Sec-WebSocket-Protocol", agreed))
        .orElse(accepted);
  }

  /** What the server answers to the client's key, which shows that it understood. */
  String accept() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
