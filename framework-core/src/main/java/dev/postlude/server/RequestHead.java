package dev.postlude.server;

import dev.postlude.http.Headers;
import dev.postlude.http.HttpException;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A request's head, checked: RFC 9112 section 3 and RFC 9110 section 7.2, of which Netty's parser
 * sees to the syntax only.
 *
 * @param target the path and the query, or {@code *}
 * @param contentLength the announced length in bytes, or -1 for a chunked or absent body
 * @param plain whether it is known to have none of the fields that {@link #has} is asked for
 */
record RequestHead(
    Method method,
    String target,
    String path,
    Headers headers,
    boolean http10,
    boolean keepAlive,
    long contentLength,
    boolean plain) {

  private static final int PSEUDO_FIELDS = 4;

  /**
   * Reads what the parser made of a head.
   *
   * @throws HttpException with the status for what is wrong with it
   */
  static RequestHead of(HttpRequest message, ServerOptions options) {
    requireDecoded(message.decoderResult(), options);
    HttpVersion version = message.protocolVersion();
    boolean http10 = version.equals(HttpVersion.HTTP_1_0);
    if (!http10 && !version.equals(HttpVersion.HTTP_1_1)) {
      throw new HttpException(505, "speak HTTP/1.1 or HTTP/1.0");
    }
    Headers received = headers(message, options);
    // RFC 9110 section 7.8: a server ignores what an HTTP/1.0 client would like to upgrade to.
    Headers headers = http10 ? received.without("Upgrade") : received;
    requireFraming(headers, http10);
    Method method = method(message.method().name());
    String target = target(method, message.uri(), headers, http10);
    Headers named = withHostOf(message.uri(), headers);
    boolean keepAlive =
        http10 ? headers.lists("Connection", "keep-alive") : !headers.lists("Connection", "close");
    return new RequestHead(
        method,
        target,
        Request.pathOf(target),
        named,
        http10,
        keepAlive,
        contentLength(headers),
        false);
  }

  /**
   * Reads an HTTP/2 header list: RFC 9113 section 8.3. Netty has seen to it that the pseudo-fields
   * are there once each and no field belongs to a connection.
   *
   * @throws HttpException with the status for what is wrong with it
   */
  static RequestHead of(Http2Headers message, ServerOptions options) {
    if (message.size() > options.maxHeaderCount() + PSEUDO_FIELDS) {
      throw new HttpException(431, "more than " + options.maxHeaderCount() + " header fields");
    }
    List<String> fields = new ArrayList<>(2 * message.size());
    StringBuilder cookies = new StringBuilder();
    for (Map.Entry<CharSequence, CharSequence> field : message) {
      String name = field.getKey().toString();
      if (name.equals("cookie")) {
        cookies.append(cookies.isEmpty() ? "" : "; ").append(field.getValue());
      } else if (!name.startsWith(":") && !(name.equals("host") && message.authority() != null)) {
        fields.add(name);
        fields.add(field.getValue().toString());
      }
    }
    if (!cookies.isEmpty()) {
      fields.add("cookie");
      fields.add(cookies.toString());
    }
    if (message.authority() != null) {
      fields.add("host");
      fields.add(message.authority().toString());
    }
    Headers headers = checked(fields.toArray(String[]::new));
    Method method = method(String.valueOf(message.method()));
    String path = String.valueOf(message.path());
    if (!path.startsWith("/") && !path.equals("*")) {
      throw new HttpException(400, "the path starts with a slash"); // a URI is for HTTP/1.1
    }
    String target = target(method, path, headers, false);
    return new RequestHead(
        method,
        target,
        Request.pathOf(target),
        headers,
        false,
        true,
        contentLength(headers),
        false);
  }

  /** Whether there is a field that asks something of the connection: {@code Upgrade}, say. */
  boolean has(String name) {
    return !plain && headers.contains(name);
  }

  private static long contentLength(Headers headers) {
    try {
      return headers.find("Content-Length").map(Long::parseLong).orElse(-1L);
    } catch (NumberFormatException e) {
      throw new HttpException(400, "Content-Length is not a number").causedBy(e);
    }
  }

  /**
   * Checks what the parser says of a message or a piece of one.
   *
   * @throws HttpException 400, 414 or 431 when it could not be parsed
   */
  static void requireDecoded(DecoderResult result, ServerOptions options) {
    if (result.isSuccess()) {
      return;
    }
    if (result.cause() instanceof TooLongHttpLineException) {
      throw new HttpException(
          414, "the request line is longer than " + options.maxRequestLine() + " bytes");
    }
    if (result.cause() instanceof TooLongHttpHeaderException) {
      throw new HttpException(
          431, "the header section is larger than " + options.maxHead() + " bytes");
    }
    throw new HttpException(400, "this is not a well-formed HTTP/1.1 request")
        .causedBy(result.cause());
  }

  private static Headers headers(HttpRequest message, ServerOptions options) {
    int count = message.headers().size();
    if (count > options.maxHeaderCount()) {
      throw new HttpException(431, "more than " + options.maxHeaderCount() + " header fields");
    }
    String[] fields = new String[2 * count];
    Iterator<Map.Entry<CharSequence, CharSequence>> each = message.headers().iteratorCharSequence();
    for (int i = 0; each.hasNext(); i += 2) {
      Map.Entry<CharSequence, CharSequence> field = each.next();
      fields[i] = field.getKey().toString();
      fields[i + 1] = field.getValue().toString();
    }
    return checked(fields);
  }

  private static Headers checked(String[] fields) {
    try {
      return Headers.of(fields);
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "a header field holds a character that it may not").causedBy(e);
    }
  }

  private static void requireFraming(Headers headers, boolean http10) {
    if (!headers.contains("Transfer-Encoding")) {
      return;
    }
    if (http10) {
      throw new HttpException(400, "HTTP/1.0 has no Transfer-Encoding");
    }
    if (headers.contains("Content-Length")) {
      throw new HttpException(400, "Content-Length and Transfer-Encoding exclude each other");
    }
    if (headers.all("Transfer-Encoding").size() != 1
        || !headers.find("Transfer-Encoding").orElseThrow().strip().equalsIgnoreCase("chunked")) {
      throw new HttpException(501, "the one transfer coding understood here is chunked");
    }
  }

  private static Method method(String name) {
    try {
      return Method.of(name);
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "the method is not a token").causedBy(e);
    }
  }

  /** What an absolute form names is the host, whatever {@code Host} says: RFC 9112 3.2.2. */
  private static Headers withHostOf(String uri, Headers headers) {
    int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
    return scheme < 0
        ? headers
        : headers.with("Host", uri.substring(scheme + 3, endOfAuthority(uri, scheme + 3)));
  }

  /**
   * Origin form as it is; absolute form without its authority, which {@link #withHostOf} sees to;
   * asterisk form for OPTIONS.
   */
  private static String target(Method method, String uri, Headers headers, boolean http10) {
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw new HttpException(
            400, "the request target holds a character that must be percent-encoded");
      }
    }
    requireHost(headers, http10);
    if (uri.startsWith("/")) {
      return uri;
    }
    if (uri.equals("*") && method.equals(Method.OPTIONS)) {
      return uri;
    }
    int scheme = uri.indexOf("://");
    if (scheme > 0 && (uri.startsWith("http:") || uri.startsWith("https:"))) {
      int authorityEnd = endOfAuthority(uri, scheme + 3);
      requireAuthority(uri.substring(scheme + 3, authorityEnd));
      String rest = uri.substring(authorityEnd);
      return rest.startsWith("/") ? rest : "/" + rest;
    }
    throw new HttpException(400, "the request target is neither a path nor an absolute http URI");
  }

  private static int endOfAuthority(String uri, int from) {
    for (int i = from; i < uri.length(); i++) {
      if (uri.charAt(i) == '/' || uri.charAt(i) == '?') {
        return i;
      }
    }
    return uri.length();
  }

  private static void requireHost(Headers headers, boolean http10) {
    int hosts = 0;
    for (int i = 0; i < headers.size(); i++) {
      if (headers.name(i).equalsIgnoreCase("Host")) {
        hosts++;
        if (!headers.value(i).isEmpty()) {
          requireAuthority(headers.value(i));
        }
      }
    }
    if (hosts > 1 || (hosts == 0 && !http10)) {
      throw new HttpException(400, "send exactly one Host field");
    }
  }

  private static void requireAuthority(String authority) {
    byte[] text = authority.getBytes(StandardCharsets.UTF_8);
    if (isPlainAuthority(text, 0, text.length)) {
      return;
    }
    try {
      URI uri = new URI("http://" + authority + "/");
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && authority.equals(uri.getRawAuthority())) {
        return;
      }
    } catch (URISyntaxException e) {
      throw new HttpException(400, "the host is malformed").causedBy(e);
    }
    throw new HttpException(400, "the host is malformed");
  }

  /** A name or IPv4 address and perhaps a port, as nearly all are, in bytes from here to there. */
  static boolean isPlainAuthority(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isOfName(text[at])) {
      at++;
    }
    if (at > from && at < to && text[at] == ':') {
      at++;
      while (at < to && text[at] >= '0' && text[at] <= '9') {
        at++;
      }
    }
    return at == to && to > from;
  }

  private static boolean isOfName(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '.'
        || b == '-'
        || b == '_';
  }
}
