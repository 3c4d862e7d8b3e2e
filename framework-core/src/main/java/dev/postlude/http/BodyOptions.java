package dev.postlude.http;

import java.util.Objects;

/**
 * How far {@link Request#json}, {@link Request#form} and {@link Request#multipart()} go with what a
 * client sent. Immutable: what changes it makes a copy.
 *
 * <p>For all of an app with {@code app.with(BodyOptions.defaults().maxFields(1_000))}, for some of
 * its routes with a filter: {@code routes.filter((request, next) ->
 * next.handle(request.with(options)))}. The length of a body is limited by the server's options and
 * by the route.
 */
public final class BodyOptions {
  private static final BodyOptions DEFAULTS =
      new BodyOptions(
          JsonOptions.defaults(), Json.Reader.DEFAULT, 256, MultipartOptions.defaults());

  private final JsonOptions json;
  private final Json.Reader reader;
  private final int maxFields;
  private final MultipartOptions multipart;

  private BodyOptions(
      JsonOptions json, Json.Reader reader, int maxFields, MultipartOptions multipart) {
    this.json = json;
    this.reader = reader;
    this.maxFields = maxFields;
    this.multipart = multipart;
  }

  /** The defaults of {@link JsonOptions} and {@link MultipartOptions}, and forms of 256 fields. */
  public static BodyOptions defaults() {
    return DEFAULTS;
  }

  public JsonOptions json() {
    return json;
  }

  /** What JSON documents may be. Builds a parser: keep the options, do not make them anew. */
  public BodyOptions json(JsonOptions options) {
    return new BodyOptions(options, new Json.Reader(options), maxFields, multipart);
  }

  /** The parser of such documents. */
  Json.Reader reader() {
    return reader;
  }

  public int maxFields() {
    return maxFields;
  }

  /**
   * The most fields of a form of type {@code application/x-www-form-urlencoded} (default 256); more
   * are answered with 413.
   */
  public BodyOptions maxFields(int fields) {
    if (fields < 1) {
      throw new IllegalArgumentException("maxFields is 1 or more, not " + fields);
    }
    return new BodyOptions(json, reader, fields, multipart);
  }

  public MultipartOptions multipart() {
    return multipart;
  }

  /** What multipart forms may be, unless {@link Request#multipart(MultipartOptions)} says it. */
  public BodyOptions multipart(MultipartOptions options) {
    Objects.requireNonNull(options, "options");
    return new BodyOptions(json, reader, maxFields, options);
  }
}
