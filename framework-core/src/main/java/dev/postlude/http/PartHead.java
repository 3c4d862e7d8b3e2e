package dev.postlude.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of a part of a form: RFC 7578 section 4.
 *
 * @param filename what the client calls the file, made harmless; empty when it does not or it
 *     cannot be
 */
record PartHead(String name, boolean isFile, String filename, Headers headers) {
  /**
   * Reads a head.
   *
   * @param headers the bytes of their values as ISO-8859-1
   * @throws HttpException 400 when the part has no name, 415 when its content is encoded
   */
  static PartHead of(Headers headers) {
    List<String> dispositions = headers.all("Content-Disposition");
    FieldParameters disposition =
        FieldParameters.parse(dispositions.size() == 1 ? utf8(dispositions.get(0)) : "");
    String name = disposition.get("name");
    if (!disposition.value().equals("form-data") || name == null) {
      throw new HttpException(
          400, "each part has one Content-Disposition: form-data; name=\"...\"");
    }
    String encoding = headers.find("Content-Transfer-Encoding").orElse("binary");
    if (!List.of("binary", "8bit", "7bit").contains(encoding.strip().toLowerCase(Locale.ROOT))) {
      throw new HttpException(
          415,
          "send the part "
              + Token.quoted(name)
              + " as it is, without Content-Transfer-Encoding: RFC 7578 section 4.7");
    }
    String filename = filename(disposition);
    return new PartHead(
        name, filename != null, filename == null ? "" : harmless(filename), headers);
  }

  private static @Nullable String filename(FieldParameters disposition) {
    String plain = disposition.get("filename");
    String extended = disposition.get("filename*"); // which nobody should send, and some do
    if (plain != null || extended == null) {
      return plain;
    }
    int language = extended.indexOf('\'');
    int text = extended.indexOf('\'', language + 1);
    if (text < 0 || !extended.substring(0, language).equalsIgnoreCase("UTF-8")) {
      throw new HttpException(400, "a file's name is sent as filename=\"...\" in UTF-8");
    }
    return PercentEncoding.decodePath(extended.substring(text + 1));
  }

  private static String harmless(String filename) {
    String last =
        filename.substring(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
    String visible = last.replaceAll("\\p{Cntrl}", "").strip();
    return visible.equals(".") || visible.equals("..") ? "" : visible;
  }

  /**
   * Whether it stands for a file input of a browser in which no file was chosen, if there is no
   * content either.
   */
  boolean isUnchosen() {
    return isFile && filename.isEmpty();
  }

  private static String utf8(String bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }
}
