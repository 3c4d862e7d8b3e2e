package dev.postlude.files;

import dev.postlude.http.Headers;
import dev.postlude.http.HttpDates;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client wants the content that there is: the conditional fields in the order of RFC
 * 9110 section 13.2.2.
 */
enum Preconditions {
  /** Yes, or it did not say. */
  HOLD,
  /** It has it: 304. */
  NOT_MODIFIED,
  /** It wanted other content: 412. */
  FAIL;

  /** An entity tag or a star, or else what makes no sense up to the next comma. */
  private static final Pattern TAG = Pattern.compile("\\s*(?:(W/)?(\"[^\"]*\")|([^,]*))\\s*,?");

  /**
   * Evaluates a request's conditions.
   *
   * @param etag the content's strong entity tag, in its quotes
   * @param modified when the content was last changed, to the second; {@code null} when nobody
   *     knows
   */
  static Preconditions of(Request request, String etag, @Nullable Instant modified) {
    Headers headers = request.headers();
    boolean reads = request.method().equals(Method.GET) || request.method().equals(Method.HEAD);
    if (headers.contains("If-Match")) {
      if (!names(headers.all("If-Match"), etag, false)) {
        return FAIL;
      }
    } else if (modified != null
        && date(headers, "If-Unmodified-Since").filter(modified::isAfter).isPresent()) {
      return FAIL;
    }
    if (headers.contains("If-None-Match")) {
      if (names(headers.all("If-None-Match"), etag, true)) {
        return reads ? NOT_MODIFIED : FAIL;
      }
    } else if (reads
        && modified != null
        && date(headers, "If-Modified-Since").filter(date -> !modified.isAfter(date)).isPresent()) {
      return NOT_MODIFIED;
    }
    return HOLD;
  }

  /**
   * Whether a range of the content goes with what the client has of it: RFC 9110 section 13.1.5. A
   * weak tag says too little for that, and so does a date that is not exactly the content's.
   */
  static boolean rangeIsOfUse(Request request, String etag, @Nullable Instant modified) {
    List<String> conditions = request.headers().all("If-Range");
    if (conditions.isEmpty()) {
      return true;
    }
    String condition = conditions.get(0).strip();
    if (conditions.size() > 1) {
      return false;
    }
    return condition.equals(etag)
        || (modified != null && HttpDates.parse(condition).filter(modified::equals).isPresent());
  }

  private static boolean names(List<String> lists, String etag, boolean weaklyToo) {
    for (String list : lists) {
      Matcher tags = TAG.matcher(list);
      while (tags.lookingAt()) {
        boolean weak = tags.group(1) != null;
        String tag = tags.group(2);
        if (tag != null ? tag.equals(etag) && (!weak || weaklyToo) : tags.group(3).equals("*")) {
          return true;
        }
        if (tags.hitEnd()) {
          break;
        }
        tags.region(tags.end(), list.length());
      }
    }
    return false;
  }

  private static Optional<Instant> date(Headers headers, String name) {
    List<String> values = headers.all(name);
    return values.size() == 1 ? HttpDates.parse(values.get(0)) : Optional.empty();
  }
}
