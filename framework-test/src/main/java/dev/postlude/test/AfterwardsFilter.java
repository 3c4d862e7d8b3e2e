package dev.postlude.test;

import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import io.restassured.specification.RequestSpecification;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Gives calls that are made with REST-assured the promise of their client. */
final class AfterwardsFilter implements Filter {
  private final RunningApp app;
  private final Settings settings;

  AfterwardsFilter(RunningApp app, Settings settings) {
    this.app = app;
    this.settings = settings;
  }

  /** The specification of a client's calls. */
  static RequestSpecification given(RunningApp app, Settings settings) {
    URI uri = app.server(settings).uri();
    RequestSpecification given =
        RestAssured.given()
            .baseUri(uri.getScheme() + "://" + uri.getHost())
            .port(uri.getPort())
            .config(patient(settings))
            .filter(new AfterwardsFilter(app, settings));
    return uri.getScheme().equals("https") ? given.relaxedHTTPSValidation() : given;
  }

  /** The configuration that everybody set for REST-assured, and how long to wait for a response. */
  private static RestAssuredConfig patient(Settings settings) {
    RestAssuredConfig all = RestAssured.config();
    int millis =
        (int)
            Math.min(
                Integer.MAX_VALUE, Math.max(1, TimeUnit.MILLISECONDS.convert(settings.patience())));
    return all.httpClient(all.getHttpClientConfig().setParam("http.socket.timeout", millis));
  }

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Call call = app.call(request.getMethod() + " " + request.getUserDefinedPath(), settings);
    request.removeHeader(Calls.HEADER); // a specification may be used again
    request.header(Calls.HEADER, call.id);
    URI uri = URI.create(request.getURI());
    settings.sendCookies(uri, request::header);
    Response response;
    try {
      response = context.next(request, expected);
      response.asByteArray(); // or the last write would wait for a reader, and the tasks for it
    } catch (Exception failed) {
      if (failed instanceof SocketTimeoutException) { // undeclared, but REST-assured throws it
        throw app.unanswered(call, failed, settings);
      }
      throw failed;
    } finally {
      app.calls.answered(call);
    }
    settings.keepCookies(uri, Map.of("Set-Cookie", response.headers().getValues("Set-Cookie")));
    app.follow(call, settings);
    return response;
  }
}
