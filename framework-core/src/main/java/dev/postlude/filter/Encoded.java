package dev.postlude.filter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Content on its way into a coding. What the encoder makes is held here until it is handed on: the
 * encoders' own streams are synchronized, and a virtual thread that waited in there for a slow
 * client would hold on to its carrier; and what was cut off shall look like it.
 */
final class Encoded extends OutputStream {
  private static final int PIECE = 8 * 1024;

  private final OutputStream out;
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream(1024);
  private final OutputStream encoder;

  Encoded(OutputStream out, ContentCoding coding, int level) throws IOException {
    this.out = out;
    this.encoder = coding.encode(ready, level);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    encoder.write(bytes, offset, length);
    if (ready.size() >= PIECE) {
      handOn();
    }
  }

  /** Sends all that was written so far. */
  @Override
  public void flush() throws IOException {
    encoder.flush();
    handOn();
    out.flush();
  }

  /** Does nothing, as it is with the stream behind it. */
  @Override
  public void close() {}

  /** Writes what is left, and the end by which a reader knows that it has everything. */
  void finish() throws IOException {
    encoder.close();
    handOn();
  }

  /** Ends it without an end; gives back what the encoder holds. */
  void abandon() {
    try {
      encoder.close();
    } catch (IOException alreadyBroken) {
      // Nobody reads what it would have written.
    }
  }

  private void handOn() throws IOException {
    byte[] bytes = ready.toByteArray();
    ready.reset();
    out.write(bytes);
  }
}
