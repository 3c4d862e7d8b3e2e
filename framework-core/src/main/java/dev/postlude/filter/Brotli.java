package dev.postlude.filter;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.IOException;
import java.io.OutputStream;

/** The one place that knows Brotli4j, a library that need not be there. */
final class Brotli implements ContentCoding {
  private static final boolean PRESENT = load();

  private static boolean load() {
    try {
      return Brotli4jLoader.isAvailable();
    } catch (LinkageError absent) {
      return false;
    }
  }

  static boolean isPresent() {
    return PRESENT;
  }

  @Override
  public String token() {
    return "br";
  }

  @Override
  public OutputStream encode(OutputStream out, int level) throws IOException {
    return new BrotliOutputStream(out, Encoder.Parameters.create(level));
  }
}
