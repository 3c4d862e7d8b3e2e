package dev.postlude.files;

import dev.postlude.http.Body;
import dev.postlude.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** What a server would write. */
final class Bodies {
  private Bodies() {}

  static String text(Response response) {
    return new String(bytes(response.body()), StandardCharsets.UTF_8);
  }

  static byte[] bytes(Body body) {
    if (body instanceof Body.Bytes bytes) {
      return bytes.array();
    }
    try {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      if (body instanceof Body.File file) {
        try (InputStream in = Files.newInputStream(file.path())) {
          in.skipNBytes(file.offset());
          all.write(in.readNBytes((int) file.length()));
        }
      } else {
        for (Body part : ((Body.Parts) body).parts()) {
          all.write(bytes(part));
        }
      }
      return all.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
