package dev.postlude.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.postlude.App;
import dev.postlude.background.ShutdownReport;
import dev.postlude.background.ShutdownReport.TaskReport;
import dev.postlude.http.Method;
import dev.postlude.server.Server;
import dev.postlude.test.TestClient;
import dev.postlude.test.TestResponse;
import dev.postlude.test.TestTask;
import dev.postlude.test.TestTask.Outcome;
import dev.postlude.test.TestTimer;
import jakarta.mail.internet.MimeMessage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.imageio.ImageIO;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** What each example shows, seen from outside. */
class ExamplesTest {
  private static TestClient clientOf(App app) {
    return TestClient.of(app).clock(TestTimer.skipping());
  }

  private static Map<String, Object> map(TestResponse response) {
    @SuppressWarnings("unchecked")
    Map<String, Object> map = response.json(Map.class);
    return map;
  }

  private static List<Object> list(TestResponse response) {
    @SuppressWarnings("unchecked")
    List<Object> list = response.json(List.class);
    return list;
  }

  @Test
  void theCountersPageIsThereBeforeItCounts() {
    try (var client = clientOf(Counter.app())) {
      client.hold();
      TestResponse response = client.get("/");

      assertThat(response.text()).contains("<h1>Background task example</h1>");
      assertThat(response.task("counter").outcome()).isEqualTo(Outcome.QUEUED);

      client.release();
      assertThat(response.task("counter").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void aLineIsInTheLogAfterTheCall() {
    try (var client = clientOf(WriteLog.app())) {
      TestResponse response = client.post("/send-notification/ada@example.org");

      assertThat(map(response)).isEqualTo(Map.of("status", "accepted"));
      assertThat(client.get("/log").text()).contains("notification for ada@example.org\n");
    }
  }

  @Test
  void theHandlersTaskRunsBeforeTheFiltersOne() {
    try (var client = clientOf(Notify.app())) {
      TestResponse response = client.post("/send-notification/ada@example.org?q=flowers");

      assertThat(map(response)).isEqualTo(Map.of("message", "Message sent"));
      assertThat(list(client.get("/log")))
          .isEqualTo(List.of("message to ada@example.org", "found query: flowers"));
    }
  }

  @Test
  void theWelcomeMailIsTriedTwiceAndThenSalesAreTold() {
    try (var client = clientOf(Signup.app())) {
      TestResponse response = client.post("/signup", Map.of("email", "ada@example.org"));

      assertThat(response.status()).isEqualTo(201);
      assertThat(response.tasks())
          .extracting(TestTask::name, TestTask::attempts, TestTask::outcome)
          .containsExactly(
              tuple("welcome-mail", 2, Outcome.SUCCEEDED),
              tuple("tell-sales", 1, Outcome.SUCCEEDED));
    }
  }

  @Test
  void theMailArrivesAtARealMailServer() throws Exception {
    GreenMail mailServer = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    mailServer.start();
    try (var client =
        clientOf(App.of(routes -> SendMail.routes(routes, mailServer.getSmtp().getPort())))) {
      TestResponse response =
          client.post("/mails", Map.of("to", "ada@example.org", "subject", "Grüße"));

      assertThat(response.status()).isEqualTo(202);
      MimeMessage received = mailServer.getReceivedMessages()[0];
      assertThat(received.getSubject()).isEqualTo("Grüße");
      assertThat(received.getAllRecipients()[0]).hasToString("ada@example.org");
    } finally {
      mailServer.stop();
    }
  }

  @Test
  void aBusyMailServerIsAskedAgain() {
    try (var client = clientOf(SendMail.app())) {
      TestResponse response =
          client.post("/mails", Map.of("to", "ada@example.org", "subject", "hello"));

      assertThat(response.task("send-mail").attempts()).isEqualTo(2);
    }
  }

  @Test
  void theAuditComesBeforeTheMail() {
    try (var client = clientOf(CreateTask.app())) {
      client.post("/tasks", Map.of("title", "water the plants"));

      assertThat(list(client.get("/done")))
          .isEqualTo(List.of("audited: water the plants", "mailed: water the plants"));
    }
  }

  @Test
  void theUploadIsDeletedAfterTheResponse() {
    try (var client = clientOf(TempFile.app())) {
      client.hold();
      TestResponse response = client.post("/upload", "some text");
      Path file = Path.of((String) map(response).get("file"));
      assertThat(file).hasContent("some text");

      client.release();
      assertThat(file).doesNotExist();
      assertThat(response.task("log").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void halfAnUploadIsDeletedToo() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    App app =
        TempFile.app()
            .with(
                (request, next) -> {
                  request.onFinish(done -> over.countDown()); // the first added runs last
                  arrived.countDown();
                  return next.handle(request);
                });
    try (var client = clientOf(app)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port())) {
        String half = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf";
        socket.getOutputStream().write(half.getBytes(UTF_8));
        assertThat(arrived.await(10, SECONDS)).isTrue();
      }
      assertThat(over.await(10, SECONDS)).isTrue();
      assertThat(uploads()).isEmpty();
    }
  }

  @Test
  void tooLargeAnUploadIsDeletedToo() throws Exception {
    try (var client = clientOf(TempFile.app())) {
      assertThat(client.post("/upload", new byte[10_000_001]).status()).isEqualTo(413);

      assertThat(uploads()).isEmpty();
    }
  }

  private static List<Path> uploads() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> file.getFileName().toString().startsWith("upload-")).toList();
    }
  }

  @Test
  void theTaskKnowsWhoLoggedIn() {
    try (var client = clientOf(NotifyUser.app())) {
      TestResponse refused = client.post("/notify");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).contains("Bearer");
      assertThat(refused.tasks()).isEmpty();

      String token = "Bearer secret";
      client.request(Method.POST, "/notify").header("Authorization", token).send();
      TestResponse sent = client.request(Method.GET, "/sent").header("Authorization", token).send();
      assertThat(list(sent)).isEqualTo(List.of("dear Ada"));
    }
  }

  @Test
  void aLongJobIsAskedHowFarItIs() {
    try (var client = clientOf(LongJob.app())) {
      client.hold();
      TestResponse accepted = client.post("/reports");
      assertThat(accepted.status()).isEqualTo(202);
      String location = accepted.header("Location").orElseThrow();
      TestResponse before = client.get(location);
      assertThat(map(before)).containsEntry("status", "pending");
      assertThat(before.header("Retry-After")).isPresent();

      client.release();
      TestResponse after = client.get(location);
      assertThat(map(after)).containsEntry("status", "succeeded");
      assertThat(after.text()).contains("page 20");
      assertThat(after.header("Retry-After")).isEmpty();
    }
  }

  @Test
  void aTextIsFoundOnceItIsIndexed() {
    try (var client = clientOf(Embeddings.app())) {
      client.post("/documents", Map.of("title", "Tea", "text", "Let the leaves draw for a while."));
      client.post("/documents", Map.of("title", "Bike", "text", "Oil the chain every month."));

      List<Object> hits = list(client.get("/search?q=oil+for+a+chain"));
      assertThat((Map<?, ?>) hits.get(0)).extracting("title").isEqualTo("Bike");
      assertThat(client.get("/search").status()).isEqualTo(400);
    }
  }

  @Test
  void aPictureBecomesAThumbnail() throws IOException {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    String head = "--x\r\nContent-Disposition: form-data; name=picture; filename=a.png\r\n\r\n";
    form.write(head.getBytes(UTF_8));
    ImageIO.write(new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB), "png", form);
    form.write("\r\n--x--\r\n".getBytes(UTF_8));
    try (var client = clientOf(ResizeImage.app())) {
      client.hold();
      TestResponse accepted =
          client
              .request(Method.POST, "/pictures")
              .header("Content-Type", "multipart/form-data; boundary=x")
              .body(form.toByteArray())
              .send();
      assertThat(accepted.status()).isEqualTo(202);
      String thumbnail = "/" + map(accepted).get("thumbnail");
      assertThat(client.get(thumbnail).status()).isEqualTo(404);

      client.release();
      BufferedImage small = ImageIO.read(new ByteArrayInputStream(client.get(thumbnail).bytes()));
      assertThat(small.getWidth()).isEqualTo(200);
      assertThat(small.getHeight()).isEqualTo(150);
    }
  }

  @Test
  void theBillComesAfterTheLastRow() {
    try (var client = clientOf(Streaming.app())) {
      TestResponse response = client.get("/squares.csv?rows=4");

      assertThat(response.text()).isEqualTo("1,1\n2,4\n3,9\n4,16\n");
      assertThat(response.task("bill").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void aCountdownGoesOnWhereItWasLost() {
    try (var client = clientOf(ServerSentEvents.app())) {
      String text =
          client.request(Method.GET, "/countdown").header("Last-Event-ID", "3").send().text();

      assertThat(text)
          .contains("id: 2\nevent: tick\ndata: 2 ...\n\n")
          .contains("event: lift-off\n")
          .doesNotContain("data: 3");
    }
  }

  @Test
  void allInTheRoomHearWhatOneSays() throws Exception {
    try (var client = clientOf(Chat.app())) {
      assertThat(client.get("/").text()).contains("<title>Chat</title>");
      URI room = URI.create("ws://127.0.0.1:" + client.port() + "/room");
      Listener first = new Listener();
      Listener second = new Listener();
      WebSocket ada = connect(room, first);
      WebSocket bob = connect(room, second);
      first.hears("we are 2 now");
      ada.sendText("hello", true);
      first.hears("hello");
      second.hears("hello");
      ada.sendClose(WebSocket.NORMAL_CLOSURE, "");
      second.hears("left");
      bob.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }
  }

  private static WebSocket connect(URI room, Listener listener) {
    return HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(room, listener).join();
  }

  /** A browser's side of the room. */
  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      heard.add(text.toString());
      return WebSocket.Listener.super.onText(socket, text, last);
    }

    void hears(String part) throws InterruptedException {
      String text;
      do {
        text = heard.poll(10, SECONDS);
        assertThat(text).as("until somebody says " + part).isNotNull();
      } while (!text.contains(part));
    }
  }

  @Test
  void theSiteComesFromTheClassPath() {
    try (var client = clientOf(StaticSite.app())) {
      assertThat(client.get("/").text()).contains("<h1>A static site</h1>");
      assertThat(client.get("/about/").text()).contains("<h1>About</h1>");
      assertThat(client.get("/css/site.css").header("Content-Type"))
          .contains("text/css; charset=utf-8");
      assertThat(client.get("/..%2fgallery/gallery.js").status()).isEqualTo(404);
      TestResponse part =
          client.request(Method.GET, "/index.html").header("Range", "bytes=0-14").send();
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.text()).isEqualTo("<!doctype html>");
    }
  }

  @Test
  void notesAreMadeReadChangedAndDeleted() {
    try (var client = clientOf(Notes.app())) {
      TestResponse made = client.post("/notes", Map.of("title", "Milk"));
      assertThat(made.status()).isEqualTo(201);
      String place = made.header("Location").orElseThrow();
      assertThat(map(client.get(place))).containsEntry("title", "Milk");
      client.put(place, Map.of("title", "Milk", "text", "2 l"));
      assertThat(list(client.get("/notes")).get(0)).hasToString("{id=1, title=Milk, text=2 l}");
      assertThat(client.delete(place).status()).isEqualTo(204);
      assertThat(client.get(place).status()).isEqualTo(404);
    }
  }

  @Test
  void aNoteWithoutATitleIsAProblem() {
    try (var client = clientOf(Notes.app())) {
      TestResponse refused = client.post("/notes", Map.of("text", "no title"));

      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.header("Content-Type")).contains("application/problem+json");
      assertThat(map(refused))
          .containsEntry("status", 422)
          .containsEntry("detail", "'title' is needed, with 1 to 80 characters");
      assertThat(list(client.get("/notes"))).isEmpty();
    }
  }

  @Test
  void tlsSpeaksHttp2() throws Exception {
    App app = Tls.app();
    try (Server server = app.with(app.server().host("127.0.0.1").port(0)).start()) {
      HttpClient browser = HttpClient.newBuilder().sslContext(trusting(app)).build();
      URI home = URI.create("https://127.0.0.1:" + server.port() + "/");
      HttpResponse<String> response =
          browser.send(HttpRequest.newBuilder(home).build(), BodyHandlers.ofString());

      assertThat(response.body()).isEqualTo("nobody listens\n");
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  private static SSLContext trusting(App app) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var pem = Files.newInputStream(app.server().tlsCertificate().orElseThrow())) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      trusted.setCertificateEntry("demo", certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void aShutdownTellsWhatItCutOff() {
    App app = GracefulShutdown.app();
    try (var client =
        clientOf(app.with(app.server().taskDrain(Duration.ofMillis(50)))).fireAndForget()) {
      client.post("/work?seconds=0");
      client.awaitBackground();
      client.post("/work?seconds=1000000");

      ShutdownReport report = client.server().shutdown();
      assertThat(report.interrupted())
          .extracting(TaskReport::name)
          .containsExactly("work-of-1000000-seconds");
    }
  }
}
