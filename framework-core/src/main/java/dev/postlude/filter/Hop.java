package dev.postlude.filter;

import dev.postlude.http.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What one proxy says of the request that it was sent.
 *
 * @param node the address that it came from, in one of several spellings; empty when not told
 * @param scheme http or https; empty when not told
 * @param host the host that was asked for; empty when not told
 */
record Hop(String node, String scheme, String host) {

  /** What the proxies say, the one that is connected to this server first. */
  static List<Hop> nearestFirst(Headers headers, boolean forwarded) {
    return forwarded ? forwarded(headers.all("Forwarded")) : xForwarded(headers);
  }

  /** RFC 7239 section 4. */
  private static List<Hop> forwarded(List<String> fields) {
    List<Hop> hops = new ArrayList<>();
    for (int i = fields.size() - 1; i >= 0; i--) {
      for (String element : splitFromEnd(fields.get(i), ',')) {
        hops.add(hop(element));
      }
    }
    return hops;
  }

  private static Hop hop(String element) {
    Hop hop = new Hop("", "", "");
    for (String pair : splitFromEnd(element, ';')) {
      int equals = Math.max(0, pair.indexOf('='));
      String value = unquoted(pair.substring(Math.min(pair.length(), equals + 1)).strip());
      hop =
          switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
            case "for" -> new Hop(value, hop.scheme, hop.host);
            case "proto" -> new Hop(hop.node, value, hop.host);
            case "host" -> new Hop(hop.node, hop.scheme, value);
            default -> hop;
          };
    }
    return hop;
  }

  /**
   * Splits where a separator stands outside of quotes, the last piece first. Read from the end, a
   * quote that a client has left open cannot swallow what the proxy wrote behind it.
   */
  private static List<String> splitFromEnd(String text, char separator) {
    List<String> pieces = new ArrayList<>();
    boolean quoted = false;
    int to = text.length();
    for (int i = text.length() - 1; i >= 0; i--) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        pieces.add(text.substring(i + 1, to));
        to = i;
      }
    }
    pieces.add(text.substring(0, to));
    return pieces;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /**
   * Three lists that are matched from their ends, since each proxy appends to them; one that is
   * shorter was not appended to but overwritten, and its first value stands for all that are
   * missing.
   */
  private static List<Hop> xForwarded(Headers headers) {
    List<String> nodes = listReversed(headers, "X-Forwarded-For");
    List<String> schemes = listReversed(headers, "X-Forwarded-Proto");
    List<String> hosts = listReversed(headers, "X-Forwarded-Host");
    int count = nodes.size();
    if (count == 0 && !(schemes.isEmpty() && hosts.isEmpty())) {
      count = 1;
    }
    List<Hop> hops = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      hops.add(new Hop(at(nodes, i), at(schemes, i), at(hosts, i)));
    }
    return hops;
  }

  private static List<String> listReversed(Headers headers, String name) {
    List<String> elements = new ArrayList<>();
    for (String field : headers.all(name)) {
      for (String element : field.split(",", -1)) {
        elements.add(element.strip());
      }
    }
    Collections.reverse(elements);
    return elements;
  }

  private static String at(List<String> reversed, int index) {
    return reversed.isEmpty() ? "" : reversed.get(Math.min(index, reversed.size() - 1));
  }
}
