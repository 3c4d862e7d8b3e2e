package dev.postlude.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.App;
import dev.postlude.http.Response;
import dev.postlude.test.TestTask.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HoldTest {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch latch = new CountDownLatch(1);
  private final TestClient client =
      TestClient.of(
          App.of(
              routes -> {
                routes.post(
                    "/signup",
                    request -> {
                      request.onFinish(exchange -> done.add("hook"));
                      return Response.of(201)
                          .background("mail", () -> done.add("mail"))
                          .background("audit", () -> done.add("audit"));
                    });
                routes.get(
                    "/blocked",
                    request -> Response.noContent().background("blocked", () -> latch.await()));
              }));

  @AfterEach
  void close() {
    latch.countDown();
    client.close();
  }

  @Test
  void theResponseComesFirst() {
    client.hold();
    TestResponse response = client.post("/signup");
    client.given().post("/signup").then().statusCode(201);
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.tasks())
        .extracting(TestTask::outcome)
        .containsExactly(Outcome.QUEUED, Outcome.QUEUED);
    assertThat(done).isEmpty();

    client.release();
    assertThat(response.tasks())
        .extracting(TestTask::outcome)
        .containsExactly(Outcome.SUCCEEDED, Outcome.SUCCEEDED);
    assertThat(done).hasSize(6);
    client.post("/signup");
    assertThat(done).hasSize(9);
  }

  @Test
  void releasingWhatIsNotHeldIsRefused() {
    assertThatThrownBy(client::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("hold()");
    client.post("/signup");
    assertThatThrownBy(client::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void waitingForWhatIsHeldIsRefused() {
    client.hold();
    client.post("/signup");
    assertThatThrownBy(client::awaitBackground)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("release()");
  }

  @Test
  void closingLetsGoWhatIsHeld() {
    client.hold();
    client.post("/signup");
    client.close();
    assertThat(done).hasSize(3);
  }

  @Test
  void anAppThatTheTestStoppedItselfIsNotWaitedFor() {
    client.hold();
    TestResponse held = client.post("/signup");
    TestResponse blocked = client.get("/blocked");
    assertThat(client.server().background().shutdown(Duration.ZERO).neverStarted()).hasSize(3);
    assertThat(held.task("mail").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(blocked.task("blocked").outcome()).isEqualTo(Outcome.ABANDONED);
    client.waitAtMost(Duration.ofSeconds(1)).close();
  }

  @Test
  void fireAndForgetReturnsWhileTasksRun() {
    TestResponse response = client.fireAndForget().get("/blocked");
    assertThat(response.task("blocked").outcome()).isIn(Outcome.QUEUED, Outcome.RUNNING);
    latch.countDown();
    client.awaitBackground();
    assertThat(response.task("blocked").outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void awaitBackgroundWaitsForRequestsOfOtherClientsToo() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /signup HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 201 ");
    }
    client.awaitBackground();
    assertThat(done).containsExactly("hook", "mail", "audit");
  }
}
