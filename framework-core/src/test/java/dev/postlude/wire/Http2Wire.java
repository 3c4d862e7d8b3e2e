package dev.postlude.wire;

import dev.postlude.App;
import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.server.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP/2 over one connection to a server of its own, each exchange on a stream. */
public final class Http2Wire implements Wire {
  private final Server server;
  private final RawHttp2 client;

  public Http2Wire(App app) throws IOException {
    server = Loopback.serve(app);
    client = RawHttp2.to(server);
  }

  /** The same through TLS. */
  public Http2Wire(App app, SelfSigned self) throws IOException {
    server = Loopback.serve(app, options -> options.tls(self.certificate(), self.key()));
    client = RawHttp2.overTls(server, self.client());
  }

  @Override
  public Reply exchange(Method method, String target, Headers headers, byte[] body)
      throws IOException {
    List<String> fields = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          fields.add(name.toLowerCase(Locale.ROOT));
          fields.add(value);
        });
    int stream = client.nextStream();
    client.send(
        RawHttp2.HEADERS,
        RawHttp2.END_HEADERS | (body.length == 0 ? RawHttp2.END_STREAM : 0),
        stream,
        client.request(method.name(), target, fields.toArray(String[]::new)));
    client.content(stream, body);
    return client.reply(stream);
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
