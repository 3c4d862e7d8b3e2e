package dev.postlude.examples.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Method;
import dev.postlude.test.TestClient;
import dev.postlude.test.TestRequest;
import dev.postlude.test.TestResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page and what is mounted behind it; {@link BrowserTest} looks at it. */
class GalleryTest {
  @RegisterExtension static final TestClient client = TestClient.of(Gallery.app());

  @Test
  void thePageAllowsNothingFromElsewhere() {
    TestResponse page = client.get("/");

    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.text()).doesNotContain("style=").doesNotContain("onclick");
  }

  @TestFactory
  Stream<DynamicTest> theSourceOfEachExampleIsThere() {
    return Catalogue.all()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.name(),
                    () ->
                        assertThat(client.get("/sources/" + example.source() + ".java").text())
                            .contains("class " + example.source())
                            .contains("static App app()")));
  }

  @TestFactory
  Stream<DynamicTest> whatIsToBeTriedIsAnswered() {
    return Catalogue.all()
        .filter(example -> example.routes() != null)
        .flatMap(
            example ->
                example.tries().stream()
                    .filter(each -> each.kind() != Try.Kind.UPLOAD)
                    .map(
                        each ->
                            DynamicTest.dynamicTest(
                                example.name() + ": " + each.label(),
                                () -> answers(example, each))));
  }

  private static void answers(Example example, Try each) {
    TestRequest request = client.request(Method.of(each.method()), example.path() + each.path());
    if (!each.header().isEmpty()) {
      String[] header = each.header().split(": ", 2);
      request = request.header(header[0], header[1]);
    }
    if (!each.body().isEmpty()) {
      request = request.header("Content-Type", each.type()).body(each.body());
    }
    assertThat(request.send().status()).isBetween(200, 422);
    assertThat(client.get("/").text()).contains(example.path() + each.path());
  }
}
