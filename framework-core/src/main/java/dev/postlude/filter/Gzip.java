package dev.postlude.filter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Content on its way into the gzip format: RFC 1952. Flushing it sends all that was written so far.
 *
 * <p>Not {@link java.util.zip.GZIPOutputStream}, whose {@code write} is synchronized: a virtual
 * thread that waits in there for a slow client would hold on to its carrier.
 */
final class Gzip extends DeflaterOutputStream {
  private static final int BUFFER = 2048;
  private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final CRC32 sum = new CRC32();

  Gzip(OutputStream out, int level) throws IOException {
    super(out, new Deflater(level, true), BUFFER, true);
    out.write(HEAD);
  }

  /** The bytes in the gzip format. */
  static byte[] bytes(byte[] plain, int level) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, plain.length / 3));
    try {
      Gzip gzip = new Gzip(out, level);
      try {
        gzip.write(plain);
        gzip.finish();
      } finally {
        gzip.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written to it", e);
    }
    return out.toByteArray();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    super.write(bytes, offset, length);
    sum.update(bytes, offset, length);
  }

  /** Writes what is left, and the end by which a reader knows that it has everything. */
  @Override
  public void finish() throws IOException {
    super.finish();
    byte[] end = new byte[8];
    for (int i = 0; i < 4; i++) {
      end[i] = (byte) (sum.getValue() >> (8 * i));
      end[4 + i] = (byte) (def.getBytesRead() >> (8 * i));
    }
    out.write(end);
  }

  /** Does nothing, as it is with the stream behind it. */
  @Override
  public void close() {}

  /** Gives back the memory outside of the heap. To be called once, whatever happened. */
  void release() {
    def.end();
  }
}
