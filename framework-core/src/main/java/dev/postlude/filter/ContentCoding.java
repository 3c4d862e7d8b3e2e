package dev.postlude.filter;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A way to write content down with fewer bytes, for {@link Compression} to use: RFC 9110 section
 * 8.4.1.
 *
 * <p>Must be safe for any thread.
 */
public interface ContentCoding {
  /** The name by which clients ask for it, in lower case: {@code gzip}. */
  String token();

  /**
   * Begins to write content down. Called on the handler's thread.
   *
   * @param out where to; takes everything at once and never fails
   * @param level how hard to try: 1, the fastest, to 9, the smallest
   * @return takes the content; its {@code flush} hands on all that was written, its {@code close}
   *     ends the content and gives back whatever it holds
   */
  OutputStream encode(OutputStream out, int level) throws IOException;
}
