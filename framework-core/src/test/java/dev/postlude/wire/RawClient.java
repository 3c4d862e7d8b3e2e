package dev.postlude.wire;

import dev.postlude.http.Headers;
import dev.postlude.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client that puts bytes on a socket as they were written down and reads what comes back. It
 * waits ten seconds for a byte; a server that says nothing that long has failed the test.
 */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  public static RawClient to(Server server) throws IOException {
    return to(server.port(), 0);
  }

  /** A client of a server in another process. */
  public static RawClient to(int port) throws IOException {
    return to(port, 0);
  }

  /** A client whose kernel takes few bytes before the server's writes must wait. */
  public static RawClient withSmallBuffer(Server server) throws IOException {
    return to(server.port(), 64 * 1024);
  }

  private static RawClient to(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    return new RawClient(socket);
  }

  /** A client that speaks TLS, and in it the one protocol that it names by ALPN. */
  public static RawClient overTls(Server server, SSLContext trust, String protocol)
      throws IOException {
    Socket plain = to(server).socket();
    SSLSocket socket =
        (SSLSocket)
            trust
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals(protocol)) {
      throw new IOException("the server chose '" + socket.getApplicationProtocol() + "'");
    }
    return new RawClient(socket);
  }

  /** Sends each character as one byte. */
  public RawClient send(String bytes) throws IOException {
    return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends the end of the stream and stays to read. */
  public RawClient finish() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Goes away without a word: the server sees a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads one answer. */
  public Reply read() throws IOException {
    return read(false);
  }

  /** Reads one answer to a {@code HEAD} request. */
  public Reply readHead() throws IOException {
    return read(true);
  }

  private Reply read(boolean headOnly) throws IOException {
    String statusLine = line();
    int status = Integer.parseInt(statusLine, 9, 12, 10);
    List<String> fields = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(": ");
      fields.add(line.substring(0, colon));
      fields.add(line.substring(colon + 2));
    }
    Headers headers = Headers.of(fields.toArray(String[]::new));
    int length = headOnly ? 0 : Integer.parseInt(headers.find("Content-Length").orElse("0"));
    return new Reply(status, headers, readBytes(length));
  }

  /** Reads that many bytes. */
  public byte[] readBytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the stream ended after " + bytes.length + " bytes of " + length);
    }
    return bytes;
  }

  /** Reads that many bytes, each as one character. */
  public String readText(int length) throws IOException {
    return new String(readBytes(length), StandardCharsets.ISO_8859_1);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the stream ended after: " + line);
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) {
      throw new IOException("a line that does not end with CR LF: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  /** Reads until the server ends the stream; every {@code Date} becomes {@code Date: now}. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
        .replaceAll("\r\nDate: [^\r]*", "\r\nDate: now");
  }

  /** The statuses of all answers until the server ends the stream. */
  public List<Integer> readStatuses() throws IOException {
    return readAll()
        .lines()
        .filter(line -> line.toUpperCase(Locale.ROOT).contains("HTTP/1.1 "))
        .map(
            line -> Integer.parseInt(line.substring(line.indexOf("HTTP/1.1 ") + 9).substring(0, 3)))
        .toList();
  }

  /** Whether the server has ended the stream; waits for that, or for a byte. */
  public boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
