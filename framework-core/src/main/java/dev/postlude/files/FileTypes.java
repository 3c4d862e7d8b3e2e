package dev.postlude.files;

import dev.postlude.http.MediaType;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What kind of content a file holds, as its name says. Text is taken to be UTF-8. */
final class FileTypes {
  private static final Map<String, String> BY_EXTENSION =
      """
      html  text/html; charset=utf-8
      htm   text/html; charset=utf-8
      css   text/css; charset=utf-8
      js    text/javascript; charset=utf-8
      mjs   text/javascript; charset=utf-8
      txt   text/plain; charset=utf-8
      log   text/plain; charset=utf-8
      md    text/markdown; charset=utf-8
      csv   text/csv; charset=utf-8
      java  text/x-java-source; charset=utf-8
      kt    text/x-kotlin; charset=utf-8
      py    text/x-python; charset=utf-8
      c     text/x-c; charset=utf-8
      h     text/x-c; charset=utf-8
      sh    text/x-sh; charset=utf-8
      sql   application/sql
      toml  application/toml
      properties text/plain; charset=utf-8
      conf  text/plain; charset=utf-8
      ini   text/plain; charset=utf-8
      diff  text/x-diff; charset=utf-8
      patch text/x-diff; charset=utf-8
      adoc  text/plain; charset=utf-8
      tsv   text/tab-separated-values; charset=utf-8
      vcf   text/vcard; charset=utf-8
      vtt   text/vtt; charset=utf-8
      ics   text/calendar; charset=utf-8
      xml   text/xml; charset=utf-8
      json  application/json
      map   application/json
      jsonld application/ld+json
      geojson application/geo+json
      webmanifest application/manifest+json
      atom  application/atom+xml
      rss   application/rss+xml
      xhtml application/xhtml+xml
      yaml  application/yaml
      yml   application/yaml
      wasm  application/wasm
      pdf   application/pdf
      rtf   application/rtf
      zip   application/zip
      gz    application/gzip
      tar   application/x-tar
      bz2   application/x-bzip2
      xz    application/x-xz
      zst   application/zstd
      bin   application/octet-stream
      7z    application/x-7z-compressed
      epub  application/epub+zip
      jar   application/java-archive
      jsonl application/jsonl
      ndjson application/x-ndjson
      doc   application/msword
      xls   application/vnd.ms-excel
      ppt   application/vnd.ms-powerpoint
      docx  application/vnd.openxmlformats-officedocument.wordprocessingml.document
      xlsx  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
      pptx  application/vnd.openxmlformats-officedocument.presentationml.presentation
      odt   application/vnd.oasis.opendocument.text
      ods   application/vnd.oasis.opendocument.spreadsheet
      svg   image/svg+xml
      png   image/png
      apng  image/apng
      jpg   image/jpeg
      jpeg  image/jpeg
      jxl   image/jxl
      heic  image/heic
      gif   image/gif
      webp  image/webp
      avif  image/avif
      bmp   image/bmp
      tif   image/tiff
      tiff  image/tiff
      ico   image/x-icon
      mp3   audio/mpeg
      m4a   audio/mp4
      ogg   audio/ogg
      oga   audio/ogg
      opus  audio/ogg
      wav   audio/wav
      mid   audio/midi
      weba  audio/webm
      flac  audio/flac
      aac   audio/aac
      mp4   video/mp4
      webm  video/webm
      ogv   video/ogg
      m4v   video/mp4
      mkv   video/matroska
      mpeg  video/mpeg
      m3u8  application/vnd.apple.mpegurl
      mov   video/quicktime
      woff  font/woff
      woff2 font/woff2
      ttf   font/ttf
      otf   font/otf
      """
          .lines()
          .map(line -> line.split(" +", 2))
          .collect(Collectors.toUnmodifiableMap(entry -> entry[0], entry -> entry[1]));

  private FileTypes() {}

  /**
   * The {@code Content-Type} for a file's name; {@code application/octet-stream} for the unknown.
   */
  static String of(String filename) {
    int dot = filename.lastIndexOf('.');
    String extension = dot < 0 ? "" : filename.substring(dot + 1).toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(extension, MediaType.BYTES);
  }
}
