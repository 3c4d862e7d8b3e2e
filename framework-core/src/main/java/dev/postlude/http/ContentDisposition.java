package dev.postlude.http;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * What a client is to do with a response's content, as the value of {@code Content-Disposition}:
 * RFC 6266.
 *
 * <p>Any file name will do: one that is not plain ASCII is sent twice, once as clients of today
 * read it ({@code filename*}) and once without what only they understand. Path separators and
 * control characters become underscores.
 */
public final class ContentDisposition {
  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[/\\\\\\p{Cntrl}]");
  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

  /** Some clients decode percent signs and get lost in escaped quotes: RFC 6266 appendix D. */
  private static final Pattern NOT_IN_QUOTES = Pattern.compile("[^ -~]|[\"%]");

  private ContentDisposition() {}

  /** Says that the content is to be saved under a name. */
  public static String attachment(String filename) {
    return value("attachment", filename);
  }

  /** Says that the content is to be shown, and the name that it has if it is saved nevertheless. */
  public static String inline(String filename) {
    return value("inline", filename);
  }

  private static String value(String type, String filename) {
    String name = NOT_IN_A_NAME.matcher(filename).replaceAll("_");
    String bare = MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFD)).replaceAll("");
    String plain = NOT_IN_QUOTES.matcher(bare).replaceAll("_");
    String field = type + "; filename=\"" + plain + "\"";
    return plain.equals(name)
        ? field
        : field + "; filename*=UTF-8''" + PercentEncoding.encodePath(name);
  }
}
