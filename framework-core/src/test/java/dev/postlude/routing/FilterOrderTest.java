package dev.postlude.routing;

import static dev.postlude.routing.Served.get;
import static dev.postlude.routing.Served.naming;
import static dev.postlude.routing.Served.throwing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.HttpException;
import dev.postlude.http.Response;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Which filters stand around a route, in which order, and what they see. */
class FilterOrderTest {
  @Test
  void filtersStandInTheOrderOfTheirScopesAndTheFirstIsOutermost() throws Exception {
    Response response =
        get(
            "/g/h/x",
            routes -> {
              routes.group(
                  "/g",
                  group -> {
                    group.group(
                        "/h",
                        inner -> {
                          inner.get("/x", r -> Response.of(200)).filter(naming("route"));
                          inner.filter(naming("h"));
                        });
                    group.filter(naming("g"));
                  });
              routes.filter(naming("app 1"));
              routes.filter(naming("app 2"));
            });

    assertThat(response.headers().all("Via"))
        .containsExactly(
            "route saw 200", "h saw 200", "g saw 200", "app 2 saw 200", "app 1 saw 200");
  }

  @Test
  void aFilterOfAGroupIsNotAroundItsNeighbours() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.filter(naming("app"));
          routes.group("/a", a -> a.get("/x", r -> Response.of(200)).filter(naming("a route")));
          routes.group(
              "/b",
              b -> {
                b.filter(naming("b"));
                b.get("/x", r -> Response.of(200));
              });
        };

    assertThat(get("/a/x", app).headers().all("Via"))
        .containsExactly("a route saw 200", "app saw 200");
    assertThat(get("/b/x", app).headers().all("Via")).containsExactly("b saw 200", "app saw 200");
  }

  @Test
  void theAppsFiltersSeeTheAnswersThatNoRouteGave() throws Exception {
    Routes.Body<RuntimeException> app =
        routes -> {
          routes.filter(naming("app"));
          routes.post("/x", r -> Response.of(200));
        };

    assertThat(get("/none", app).headers().find("Via")).contains("app saw 404");
    assertThat(get("/x", app).headers().find("Via")).contains("app saw 405");
    assertThat(get("/%zz", app).headers().find("Via")).contains("app saw 400");
  }

  @Test
  void aFilterSeesTheErrorResponseAndNotTheException() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.filter(naming("outer"));
              routes.filter(naming("inner"));
              routes.get("/", throwing(new HttpException(409, "taken")));
            });

    assertThat(response.status()).isEqualTo(409);
    assertThat(response.headers().all("Via")).containsExactly("inner saw 409", "outer saw 409");
  }

  @Test
  void anExceptionOfAFilterIsMappedAndTheFiltersAroundItSeeThat() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.onError(IOException.class, (request, error) -> Response.of(502));
              routes.filter(naming("outer"));
              routes.filter(
                  (request, next) -> {
                    next.handle(request);
                    throw new IOException("filter");
                  });
              routes.filter(naming("inner"));
              routes.get("/", r -> Response.of(200));
            });

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.headers().all("Via")).containsExactly("outer saw 502");
  }

  @Test
  void aFilterMayAnswerItself() throws Exception {
    Response response =
        get(
            "/",
            routes -> {
              routes.filter((request, next) -> Response.of(401));
              routes.get("/", throwing(new IllegalStateException("must not be called")));
            });

    assertThat(response.status()).isEqualTo(401);
  }
}
