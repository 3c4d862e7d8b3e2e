package dev.postlude.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/**
 * A mail server for trying {@link SendMail} without one: too busy for the first attempt, slow with
 * the second, and what it has taken is thrown away. It speaks as much SMTP as that needs.
 */
final class SlowMailServer {
  private boolean busy = true;

  private SlowMailServer() {}

  /** Starts one on a free port of this machine, for as long as the process lives. */
  static int start() {
    try {
      ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> new SlowMailServer().serve(listening), "slow-mail-server");
      thread.setDaemon(true);
      thread.start();
      return listening.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(ServerSocket listening) {
    while (true) {
      try (Socket socket = listening.accept();
          BufferedReader in =
              new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
          PrintWriter out = new PrintWriter(socket.getOutputStream(), true, US_ASCII)) {
        converse(in, out);
      } catch (IOException | InterruptedException e) {
        Timeline.say("mail server: " + e);
      }
    }
  }

  private void converse(BufferedReader in, PrintWriter out)
      throws IOException, InterruptedException {
    out.print("220 slow.example.org\r\n");
    out.flush();
    boolean data = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (data && !line.equals(".")) {
        continue;
      }
      String answer = data ? "250 taken" : answer(line);
      data = line.equals("DATA");
      out.print(answer + "\r\n");
      out.flush();
    }
  }

  private String answer(String line) throws InterruptedException {
    if (line.startsWith("MAIL")) {
      busy = !busy;
      return busy ? "250 go on" : "451 busy, try again";
    }
    if (line.equals("DATA")) {
      Pretend.work(Duration.ofSeconds(5));
      return "354 go on";
    }
    return line.equals("QUIT") ? "221 bye" : "250 go on";
  }
}
