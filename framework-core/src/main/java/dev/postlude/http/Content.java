package dev.postlude.http;

import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, in memory, read as what its {@code Content-Type} says that it is. What is
 * thrown stands at the methods of {@link Request} that hand it out.
 *
 * @param type the {@code Content-Type}, or {@code null} where there is none
 * @param options how far it is read
 */
record Content(@Nullable String type, byte[] bytes, BodyOptions options) {
  private static final String FORM = "application/x-www-form-urlencoded";

  String text() {
    Charset charset =
        type == null ? StandardCharsets.UTF_8 : MediaType.charset(type, StandardCharsets.UTF_8);
    return new String(bytes, charset);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // the caller's type, as the argument says
  <T> T json(Type as) {
    if (type != null && !MediaType.isJson(type)) {
      throw new HttpException(
          415, "send the body with Content-Type: application/json, not " + Token.quoted(type));
    }
    T value = options.reader().read(bytes, as);
    if (value == null) {
      throw new HttpException(400, "the JSON body is null");
    }
    return value;
  }

  Params form() {
    if (type == null || !MediaType.is(type, FORM)) {
      throw new HttpException(415, "send the form with Content-Type: " + FORM);
    }
    return Params.parseForm(PercentEncoding.ascii(bytes), options.maxFields());
  }
}
