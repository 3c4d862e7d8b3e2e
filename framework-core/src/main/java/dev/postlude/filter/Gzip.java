package dev.postlude.filter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** The coding that every client takes: RFC 1952. */
final class Gzip implements ContentCoding {
  private static final int BUFFER = 2048;

  @Override
  public String token() {
    return "gzip";
  }

  @Override
  public OutputStream encode(OutputStream out, int level) throws IOException {
    return new GZIPOutputStream(out, BUFFER, true) {
      {
        def.setLevel(level);
      }
    };
  }
}
