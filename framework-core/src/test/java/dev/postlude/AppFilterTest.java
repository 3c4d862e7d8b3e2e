package dev.postlude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.http.Filter;
import dev.postlude.http.Method;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.wire.LogLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppFilterTest {
  private final List<String> seen = new ArrayList<>();
  private final App app =
      App.of(
          routes -> {
            routes.filter(seeing("inner"));
            routes.get("/users/{id}", request -> Response.text(request.param("id")));
            routes.get(
                "/broken",
                request -> {
                  throw new IllegalStateException("on purpose");
                });
          });

  private Filter seeing(String name) {
    return (request, next) -> {
      seen.add(name + " " + request.route());
      Response response = next.handle(request);
      seen.add(name + " " + response.status());
      return response;
    };
  }

  @Test
  void aFilterOfTheAppStandsAroundThoseOfItsRoutes() throws Exception {
    app.with(seeing("outer")).handle(Request.get("/users/7"));
    assertThat(seen)
        .containsExactly("outer /users/{id}", "inner /users/{id}", "inner 200", "outer 200");
  }

  @Test
  void itSeesErrorAnswersAndThoseWithoutARoute() throws Exception {
    App filtered = app.with(seeing("outer"));
    filtered.handle(Request.get("/nowhere"));
    filtered.handle(Request.of(Method.DELETE, "/users/7"));
    filtered.handle(Request.get("/broken"));
    assertThat(seen).contains("outer 404", "outer 405", "outer 500");
  }

  @Test
  void theLastStandsOutermostAndTheAppItselfIsLeftAsItWas() throws Exception {
    App filtered = app.with(seeing("first")).with(seeing("second")).with(app.server().port(1));
    filtered.handle(Request.get("/users/7"));
    assertThat(seen)
        .startsWith("second /users/{id}", "first /users/{id}", "inner /users/{id}")
        .endsWith("first 200", "second 200");
    seen.clear();
    app.handle(Request.get("/users/7"));
    assertThat(seen).containsExactly("inner /users/{id}", "inner 200");
  }

  @Test
  void itsOwnExceptionIsAnsweredWithABare500() {
    try (LogLines log = LogLines.of("dev.postlude")) {
      App broken =
          app.with(
              (request, next) -> {
                throw new IOException("on purpose");
              });
      Response response = broken.handle(Request.get("/users/7"));

      assertThat(response.status()).isEqualTo(500);
      assertThat(log.all()).contains("no answer could be made", "on purpose");
    }
  }

  @Test
  void whatWritingRoutesDownThrowsIsTheCallersToSee() {
    assertThatThrownBy(
            () ->
                App.of(
                    routes ->
                        routes.group(
                            "/db",
                            db -> {
                              throw new IOException("no database");
                            })))
        .isInstanceOf(IOException.class);
  }

  @Test
  void nullIsRefused() {
    Filter none = null;
    assertThatThrownBy(() -> app.with(none)).isInstanceOf(NullPointerException.class);
  }
}
