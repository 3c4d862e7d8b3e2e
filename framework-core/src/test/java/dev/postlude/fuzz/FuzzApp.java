package dev.postlude.fuzz;

import dev.postlude.App;
import dev.postlude.files.StaticFiles;
import dev.postlude.filter.Compression;
import dev.postlude.filter.Cors;
import dev.postlude.filter.Decompression;
import dev.postlude.http.Accept;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.wire.Echo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An app that reads everything a request can hold, and requests to it that are as they should be.
 */
final class FuzzApp {
  private FuzzApp() {}

  record Order(String item, int count, List<String> notes) {}

  /** The app; its files come from a folder with a {@code page.txt} in it. */
  static App of(Path folder) {
    return App.of(routes -> add(routes, folder));
  }

  private static void add(Routes routes, Path folder) {
    routes.filter(Cors.origins("https://a.example"));
    routes.filter(Compression.gzip());
    routes.filter(Decompression.upTo(100_000));
    routes.get("/", request -> Response.text("hello"));
    routes.get("/loop", request -> Response.text("loop")).onEventLoop();
    routes.get("/users/{id:int}", request -> Response.text("user " + request.params().asInt("id")));
    routes.get("/deep/{name}.{type}", request -> Response.text(request.param("name")));
    routes.get("/rest/{path...}", request -> Response.json(request.param("path")));
    routes.get("/query", request -> Response.json(request.query().all("q")));
    routes.get("/page", request -> Response.json(request.query().asInt("n")));
    routes.get("/cookies", request -> Response.text(request.cookie("a").orElse("none")));
    routes.get(
        "/accept",
        request ->
            Response.problem(new HttpException(404, "x"), Accept.of(request.headers(), "Accept")));
    routes.get("/files/{path...}", StaticFiles.directory(folder));
    routes.get(
        "/stream",
        request ->
            Response.stream(
                "text/plain",
                out -> {
                  for (int i = 0; i < 5; i++) {
                    out.write(("piece " + i + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                }));
    routes.post("/echo", request -> Response.bytes("application/x", request.bytes()));
    routes.post("/text", request -> Response.text(request.text()));
    routes.post("/json", request -> Response.json(201, request.json(Order.class)));
    routes.post("/form", request -> Response.json(request.form().all("a")));
    routes.post("/parts", FuzzApp::parts);
    routes
        .post("/upload", request -> Response.text(request.stream().readAllBytes().length + ""))
        .streaming();
    routes.webSocket("/ws", request -> new Echo());
    routes.post("/task", request -> Response.of(202).background("task", () -> {}));
  }

  private static Response parts(Request request) {
    return Response.text(request.multipart().parts().size() + "");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] post(String path, String fields, String body) {
    return bytes(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: a\r\n"
            + fields
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static byte[] get(String path, String fields) {
    return bytes("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  }

  /** Requests that are as they should be. */
  static List<byte[]> requests() {
    String part = "--x\r\nContent-Disposition: form-data; name=\"a\"";
    List<byte[]> requests = new ArrayList<>();
    requests.add(get("/", ""));
    requests.add(get("/loop", "Connection: keep-alive\r\nAccept: text/html;q=0.5, */*\r\n"));
    requests.add(get("/users/17", "X-One: 1\r\nX-Two: 2\r\n"));
    requests.add(get("/deep/a%20b.txt", ""));
    requests.add(get("/rest/a/b/%C3%A9/c", "Accept-Encoding: gzip, br;q=0.5\r\n"));
    requests.add(get("/query?q=a+b&q=%26&r", ""));
    requests.add(get("/page?n=7", "Origin: https://a.example\r\n"));
    requests.add(get("/cookies", "Cookie: a=b; c=\"d\"; e=\r\n"));
    requests.add(get("/accept", "Accept: text/html, application/json;q=0.9;x=\"y,z\"\r\n"));
    requests.add(get("/files/page.txt", "Range: bytes=0-4,10-19,-5\r\n"));
    requests.add(get("/files/page.txt", "Range: bytes=7-\r\nIf-Range: \"x\"\r\n"));
    requests.add(
        get(
            "/files/page.txt",
            "If-None-Match: \"a\", W/\"b\"\r\nIf-Modified-Since: Sat, 21 Nov 2026 10:00:00 GMT\r\n"));
    requests.add(get("/stream", ""));
    requests.add(bytes("GET http://a/query?q=1 HTTP/1.1\r\nHost: b\r\n\r\n"));
    requests.add(bytes("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    requests.add(bytes("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"));
    requests.add(
        bytes(
            "OPTIONS /echo HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n"
                + "Access-Control-Request-Method: POST\r\n\r\n"));
    requests.add(post("/echo", "", "hello"));
    requests.add(post("/echo", "Expect: 100-continue\r\n", "hello"));
    requests.add(post("/text", "Content-Type: text/plain; charset=\"utf-8\"\r\n", "h\u00e9"));
    requests.add(
        post(
            "/json",
            "Content-Type: application/json\r\n",
            "{\"item\":\"a\\u00e9\",\"count\":3,\"notes\":[\"x\",null]}"));
    requests.add(
        post("/form", "Content-Type: application/x-www-form-urlencoded\r\n", "a=1&a=%262&b="));
    requests.add(
        post(
            "/parts",
            "Content-Type: multipart/form-data; boundary=x\r\n",
            part
                + "\r\n\r\nvalue\r\n"
                + part
                + "; filename=\"f\"\r\nContent-Type: text/plain"
                + "\r\n\r\nfile\r\n--x--\r\n"));
    requests.add(post("/upload", "", "streamed"));
    requests.add(post("/task", "", "task"));
    String chunked =
        " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nyou\r\n"
            + "0\r\nTrailer: t\r\n\r\n";
    requests.add(bytes("POST /echo" + chunked));
    requests.add(bytes("POST /upload" + chunked));
    requests.add(bytes("POST /task" + chunked));
    requests.add(
        get(
            "/",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n"));
    return requests;
  }
}
