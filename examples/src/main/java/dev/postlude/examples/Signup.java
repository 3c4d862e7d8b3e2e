package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.io.IOException;
import java.time.Duration;

/** An answer at once, and a welcome mail afterwards: the one idea of this framework. */
public final class Signup {
  private Signup() {}

  /** What the client sends. */
  record Account(String email) {}

  public static App app() {
    return App.of(Signup::routes);
  }

  public static void routes(Routes routes) {
    routes.post("/signup", Signup::signUp);
  }

  private static Response signUp(Request request) {
    Account account = request.json(Account.class);
    request.onFinish(done -> Timeline.say("response written, " + done.status()));
    return Response.json(201, account)
        .background(
            BackgroundTask.of("welcome-mail", task -> send(account, task.attempt()))
                .retry(Retry.times(3).backoff(Duration.ofMillis(500)))
                .timeout(Duration.ofSeconds(10))
                .then(BackgroundTask.of("tell-sales", () -> tellSales(account))));
  }

  private static void send(Account account, int attempt) throws Exception {
    Timeline.say("welcome-mail to " + account.email() + ", attempt " + attempt);
    Pretend.work(Duration.ofSeconds(1));
    if (attempt == 1) {
      throw new IOException("the mail server is busy");
    }
    Timeline.say("welcome-mail sent");
  }

  private static void tellSales(Account account) {
    Timeline.say("tell-sales about " + account.email());
  }
}
