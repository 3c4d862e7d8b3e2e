package dev.postlude.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.http.Method;
import dev.postlude.test.TestClient;
import dev.postlude.test.TestResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceTest {
  @Test
  void answersAsThePageSays(@TempDir Path www) throws Exception {
    Files.createDirectories(www.resolve("static"));
    Files.writeString(www.resolve("static/hello.txt"), "hello static\n");
    Files.writeString(www.resolve("secret.txt"), "TOPSECRET\n");
    try (var client = TestClient.of(Conformance.app(www)).raiseBackgroundErrors(false)) {
      assertThat(client.get("/").text()).isEqualTo("ok");
      assertThat(client.get("/users/a%2Fb").text()).isEqualTo("a/b");
      assertThat(client.get("/query?q=a+b%26").text()).isEqualTo("a b&");
      assertThat(client.get("/query").text()).isEqualTo("null");
      assertThat(client.get("/header?name=X-A&value=b").header("X-A")).contains("b");
      assertThat(client.get("/header?name=X-A&value=b%0D%0AX-B:c").status()).isEqualTo(500);
      assertThat(client.get("/slow?ms=10").text()).isEqualTo("slow");
      assertThat(client.get("/big?bytes=100000").bytes()).hasSize(100_000);
      assertThat(client.get("/stream?chunks=2").text()).isEqualTo("chunk-0\nchunk-1\n");
      assertThat(client.post("/json", Map.of("a", 1)).text())
          .isEqualTo("{\"ok\":true,\"value\":{\"a\":1}}");
      assertThat(client.post("/json", "{").status()).isEqualTo(400);
      assertThat(client.get("/no-content").status()).isEqualTo(204);
      assertThat(client.get("/not-modified").status()).isEqualTo(304);
      assertThat(client.get("/static/hello.txt").text()).isEqualTo("hello static\n");
      assertThat(client.get("/static/..%2Fsecret.txt").status()).isEqualTo(404);
      assertThat(client.get("/boom").text()).doesNotContain("Secret");
      assertThat(client.request(Method.DELETE, "/boom").send().status()).isEqualTo(405);
    }
  }

  @Test
  void everyTaskIsAccountedFor(@TempDir Path www) throws Exception {
    Files.createDirectories(www.resolve("static"));
    try (var client = TestClient.of(Conformance.app(www)).raiseBackgroundErrors(false)) {
      assertThat(client.post("/notify?chain=3").status()).isEqualTo(202);
      assertThat(client.post("/notify?chain=3&fail=1").status()).isEqualTo(202);
      TestResponse stats = client.get("/stats?gc=1");

      assertThat(stats.text())
          .contains("\"accepted\":6", "\"completed\":3", "\"failed\":1", "\"skipped\":2")
          .contains("\"pending\":0", "\"order_violations\":0");
    }
  }
}
