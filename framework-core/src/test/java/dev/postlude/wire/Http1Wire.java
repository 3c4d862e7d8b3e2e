package dev.postlude.wire;

import dev.postlude.App;
import dev.postlude.http.Headers;
import dev.postlude.http.Method;
import dev.postlude.server.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 over one kept connection to a server of its own. */
public final class Http1Wire implements Wire {
  private final Server server;
  private final RawClient client;

  public Http1Wire(App app) throws IOException {
    server = Loopback.serve(app);
    client = RawClient.to(server);
  }

  /** The same through TLS. */
  public Http1Wire(App app, SelfSigned self) throws IOException {
    server = Loopback.serve(app, options -> options.tls(self.certificate(), self.key()));
    client = RawClient.overTls(server, self.client(), "http/1.1");
  }

  @Override
  public Reply exchange(Method method, String target, Headers headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    client.send(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)).send(body);
    return method.equals(Method.HEAD) ? client.readHead() : client.read();
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
