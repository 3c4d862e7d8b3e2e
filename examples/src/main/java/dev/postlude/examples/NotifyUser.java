package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.context.Key;
import dev.postlude.http.Handler;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A user whom a filter made sure of, in the handler and in its task: FastAPI's {@code Depends}. */
public final class NotifyUser {
  private static final Key<User> USER = Key.of("user");
  private static final Map<String, User> TOKENS = Map.of("secret", new User("Ada"));

  private final List<String> sent = new CopyOnWriteArrayList<>();

  private NotifyUser() {}

  record User(String name) {}

  public static App app() {
    return App.of(NotifyUser::routes);
  }

  public static void routes(Routes routes) {
    NotifyUser example = new NotifyUser();
    routes.filter(NotifyUser::authenticate);
    routes.post("/notify", example::handle);
    routes.get("/sent", request -> Response.json(example.sent));
  }

  private static Response authenticate(Request request, Handler next) throws Exception {
    User user =
        request
            .header("Authorization")
            .filter(credentials -> credentials.startsWith("Bearer "))
            .flatMap(credentials -> Optional.ofNullable(TOKENS.get(credentials.substring(7))))
            .orElseThrow(
                () -> new HttpException(401, "log in first").header("WWW-Authenticate", "Bearer"));
    return next.handle(request.with(USER, user));
  }

  private Response handle(Request request) {
    return Response.json(Map.of("message", "hello " + request.get(USER).name()))
        .background(
            "notify-user",
            task -> {
              Pretend.work(Duration.ofSeconds(2));
              sent.add("dear " + task.get(USER).name());
            });
  }
}
