package dev.postlude.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.App;
import dev.postlude.context.Key;
import dev.postlude.http.Filter;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The example of docs/filters.md: what FastAPI does with {@code Depends}. */
class TypedAttributesTest {
  record User(String name, String email) {}

  static final Key<User> USER = Key.of("user");

  private final Map<String, User> tokens = Map.of("t-1", new User("ada", "ada@example.org"));
  private final CompletableFuture<String> mailed = new CompletableFuture<>();

  private final Filter currentUser =
      (request, next) -> {
        String token = request.header("X-Token").orElse("");
        User user = tokens.get(token);
        if (user == null) {
          throw new HttpException(401, "send a valid X-Token");
        }
        return next.handle(request.with(USER, user));
      };

  private final App app =
      App.of(
          routes ->
              routes.group(
                  "/items",
                  items -> {
                    items.filter(currentUser);
                    items.post(
                        "/",
                        request ->
                            Response.json(201, Map.of("owner", request.get(USER).name()))
                                .background(
                                    "mail", task -> mailed.complete(task.get(USER).email())));
                  }));

  @Test
  void whatAFilterFoundOutIsThereForTheHandlerAndForTheTask() throws Exception {
    try (Server server = app.start(0)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/items/"))
              .POST(HttpRequest.BodyPublishers.noBody())
              .header("X-Token", "t-1")
              .timeout(Duration.ofSeconds(10))
              .build();

      assertThat(
              HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("{\"owner\":\"ada\"}");
      assertThat(mailed.get(10, TimeUnit.SECONDS)).isEqualTo("ada@example.org");
    }
  }

  @Test
  void whoIsNotKnownDoesNotGetThatFar() throws Exception {
    assertThat(app.handle(Request.post("/items/")).status()).isEqualTo(401);
  }
}
