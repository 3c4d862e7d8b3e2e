package dev.postlude.examples.gallery;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A picture to upload: an evening. */
final class SamplePicture {
  private SamplePicture() {}

  static byte[] png() throws IOException {
    BufferedImage picture = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setPaint(new GradientPaint(0, 0, new Color(0x1e3a5f), 0, 1200, new Color(0xf2a65a)));
    pen.fillRect(0, 0, 1600, 1200);
    pen.setColor(new Color(0xffe8c2));
    pen.fillOval(1000, 620, 260, 260);
    pen.setColor(new Color(0x16202c));
    pen.fillPolygon(
        new int[] {0, 420, 900, 1600, 1600, 0}, new int[] {980, 700, 1000, 860, 1200, 1200}, 6);
    pen.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);
    return png.toByteArray();
  }
}
