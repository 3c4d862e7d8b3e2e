package dev.postlude.files;

import dev.postlude.App;
import dev.postlude.http.Request;
import dev.postlude.http.Response;

/** A folder of files, served below {@code /static}. */
interface FolderUnderTest {
  StaticFiles files();

  default Response send(StaticFiles files, Request request) throws Exception {
    return App.of(routes -> routes.get("/static/{path...}", files)).handle(request);
  }

  default Response get(String path, String... headers) throws Exception {
    return get(files(), path, headers);
  }

  default Response get(StaticFiles files, String path, String... headers) throws Exception {
    Request request = Request.get("/static" + path);
    for (int i = 0; i < headers.length; i += 2) {
      request = request.header(headers[i], headers[i + 1]);
    }
    return send(files, request);
  }

  default String header(Response response, String name) {
    return response.headers().find(name).orElse("none");
  }
}
