package dev.postlude.test;

import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.SocketTimeoutException;

/** Gives calls that are made with REST-assured the promise of their client. */
final class AfterwardsFilter implements Filter {
  private final RunningApp app;
  private final Settings settings;

  AfterwardsFilter(RunningApp app, Settings settings) {
    this.app = app;
    this.settings = settings;
  }

  /** The configuration that everybody set for REST-assured, and how long to wait for a response. */
  static RestAssuredConfig patient(Settings settings) {
    RestAssuredConfig all = RestAssured.config();
    int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, settings.patience().toMillis()));
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
    app.follow(call, settings);
    return response;
  }
}
