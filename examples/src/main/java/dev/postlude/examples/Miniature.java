package dev.postlude.examples;

import dev.postlude.queue.task.FatalTaskException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** A picture made small. */
final class Miniature {
  private Miniature() {}

  /**
   * Returns a PNG whose longer side has at most so many pixels. Reads every n-th pixel only, so
   * that a picture of any size takes little memory.
   *
   * @throws FatalTaskException if this is no picture: it will be none next time either
   */
  static byte[] png(byte[] picture, int side) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(picture))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new FatalTaskException("this is no picture that can be read");
      }
      ImageReader reader = readers.next();
      reader.setInput(in);
      ImageReadParam some = reader.getDefaultReadParam();
      int longer = Math.max(reader.getWidth(0), reader.getHeight(0));
      int step = (longer + side - 1) / side;
      some.setSourceSubsampling(step, step, 0, 0);
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(reader.read(0, some), "png", png);
      return png.toByteArray();
    }
  }
}
