package dev.postlude.files;

import dev.postlude.files.ByteRanges.ByteRange;
import dev.postlude.http.Accept;
import dev.postlude.http.Body;
import dev.postlude.http.Headers;
import dev.postlude.http.HttpDates;
import dev.postlude.http.Method;
import dev.postlude.http.Problem;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A file's content as clients get it, all of it or as much as they ask for.
 *
 * @param coding the content coding that the file is in, such as {@code gzip}; empty for none
 * @param headers what goes with the content besides what is known of it here
 * @param cacheControl the value of {@code Cache-Control}
 * @param varies whether other clients may get it in another coding
 * @param maxRanges how many pieces may be asked for at once
 */
record Representation(
    FileContent content,
    String contentType,
    String coding,
    Headers headers,
    String cacheControl,
    boolean varies,
    int maxRanges) {

  /** Answers a request: 200, 206, 304, 412 or 416. */
  Response answer(Request request) throws IOException {
    Response response =
        switch (Preconditions.of(request, etag(), content.modified())) {
          case NOT_MODIFIED -> kept(Response.of(304));
          case FAIL -> problem(request, 412, "the file is not the one that the request is about");
          case HOLD -> content(request);
        };
    // After what an error response varies by.
    return varies ? response.addHeader("Vary", "Accept-Encoding") : response;
  }

  private Response content(Request request) throws IOException {
    List<String> fields = request.headers().all("Range");
    boolean ranged =
        fields.size() == 1
            && request.method().equals(Method.GET)
            && Preconditions.rangeIsOfUse(request, etag(), content.modified());
    Optional<List<ByteRange>> ranges =
        ranged ? ByteRanges.read(fields.get(0), content.length(), maxRanges) : Optional.empty();
    if (ranges.isEmpty()) {
      return described(200).header("Content-Type", contentType).body(content.whole());
    }
    return switch (ranges.get().size()) {
      case 0 -> unsatisfiable(request);
      case 1 -> piece(ranges.get().get(0));
      default -> pieces(ranges.get());
    };
  }

  private Response unsatisfiable(Request request) {
    String detail =
        "the file has "
            + content.length()
            + " bytes, of which "
            + maxRanges
            + " ranges at most are sent at a time";
    return problem(request, 416, detail).header("Content-Range", "bytes */" + content.length());
  }

  private Response piece(ByteRange range) throws IOException {
    return described(206)
        .header("Content-Type", contentType)
        .header("Content-Range", contentRange(range))
        .body(content.pieces().piece(range.first(), range.length()));
  }

  /** RFC 9110 section 14.6. */
  private Response pieces(List<ByteRange> ranges) throws IOException {
    String boundary = UUID.randomUUID().toString();
    List<Body> parts = new ArrayList<>(2 * ranges.size() + 1);
    String before = "--";
    for (ByteRange range : ranges) {
      parts.add(
          ascii(
              before
                  + boundary
                  + "\r\nContent-Type: "
                  + contentType
                  + "\r\nContent-Range: "
                  + contentRange(range)
                  + "\r\n\r\n"));
      parts.add(content.pieces().piece(range.first(), range.length()));
      before = "\r\n--";
    }
    parts.add(ascii(before + boundary + "--\r\n"));
    return described(206)
        .header("Content-Type", "multipart/byteranges; boundary=" + boundary)
        .body(new Body.Parts(parts));
  }

  /** A response that says of the content all but its type. */
  private Response described(int status) {
    Response response = kept(Response.of(status)).header("Accept-Ranges", "bytes");
    if (content.modified() != null) {
      response = response.header("Last-Modified", HttpDates.format(content.modified()));
    }
    if (!coding.isEmpty()) {
      response = response.header("Content-Encoding", coding);
    }
    for (int i = 0; i < headers.size(); i++) {
      response = response.header(headers.name(i), headers.value(i));
    }
    return response;
  }

  /** A response that may be kept for as long as it says. */
  private Response kept(Response response) {
    return response.header("ETag", etag()).header("Cache-Control", cacheControl);
  }

  private static Response problem(Request request, int status, String detail) {
    return Response.problem(Problem.of(status, detail), Accept.of(request.headers(), "Accept"));
  }

  private String etag() {
    return "\"" + content.tag() + (coding.isEmpty() ? "" : "-" + coding) + "\"";
  }

  private String contentRange(ByteRange range) {
    return "bytes " + range.first() + "-" + range.last() + "/" + content.length();
  }

  private static Body ascii(String text) {
    return new Body.Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
