package dev.postlude.http;

/** The registered status codes and their reason phrases: RFC 9110 section 15, RFC 6585. */
public final class Status {
  private static final String[] REASONS = new String[600];

  static {
    String registered =
        """
        100 Continue
        101 Switching Protocols
        103 Early Hints
        200 OK
        201 Created
        202 Accepted
        203 Non-Authoritative Information
        204 No Content
        205 Reset Content
        206 Partial Content
        207 Multi-Status
        208 Already Reported
        226 IM Used
        300 Multiple Choices
        301 Moved Permanently
        302 Found
        303 See Other
        304 Not Modified
        305 Use Proxy
        307 Temporary Redirect
        308 Permanent Redirect
        400 Bad Request
        401 Unauthorized
        402 Payment Required
        403 Forbidden
        404 Not Found
        405 Method Not Allowed
        406 Not Acceptable
        407 Proxy Authentication Required
        408 Request Timeout
        409 Conflict
        410 Gone
        411 Length Required
        412 Precondition Failed
        413 Content Too Large
        414 URI Too Long
        415 Unsupported Media Type
        416 Range Not Satisfiable
        417 Expectation Failed
        421 Misdirected Request
        422 Unprocessable Content
        423 Locked
        424 Failed Dependency
        425 Too Early
        426 Upgrade Required
        428 Precondition Required
        429 Too Many Requests
        431 Request Header Fields Too Large
        451 Unavailable For Legal Reasons
        500 Internal Server Error
        501 Not Implemented
        502 Bad Gateway
        503 Service Unavailable
        504 Gateway Timeout
        505 HTTP Version Not Supported
        506 Variant Also Negotiates
        507 Insufficient Storage
        508 Loop Detected
        511 Network Authentication Required
        """;
    registered
        .lines()
        .forEach(line -> REASONS[Integer.parseInt(line, 0, 3, 10)] = line.substring(4));
  }

  private Status() {}

  /** The registered reason phrase, or {@code "Status"} for a code that has none. */
  public static String reason(int status) {
    String reason = status >= 0 && status < REASONS.length ? REASONS[status] : null;
    return reason != null ? reason : "Status";
  }

  /**
   * Whether a response of that status never has content: 1xx, 204, 304 (RFC 9110 section 6.4.1),
   * and 205 (section 15.3.6).
   */
  public static boolean forbidsContent(int status) {
    return status < 200 || status == 204 || status == 205 || status == 304;
  }
}
