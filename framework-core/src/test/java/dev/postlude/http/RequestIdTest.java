package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "7b0e3f1c-5f5e-4a3c-9d3e-1b7f0a2c4d6e", "a.b_c~d"})
  void aHarmlessIdOfTheClientIsTaken(String id) {
    assertThat(RequestId.of(Headers.of("x-request-id", id))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\tb", "a\"b", "{json}", "a=b", "a/b", "\u00e9"})
  void anIdThatCouldConfuseALogIsReplaced(String id) {
    assertThat(RequestId.of(Headers.of("X-Request-Id", id))).isNotEqualTo(id).isNotBlank();
  }

  @Test
  void anIdOfAHundredAndTwentyEightCharactersIsTheLongestTaken() {
    assertThat(RequestId.of(Headers.of("X-Request-Id", "a".repeat(128)))).hasSize(128);
    assertThat(RequestId.of(Headers.of("X-Request-Id", "a".repeat(129)))).hasSizeLessThan(64);
  }

  @Test
  void madeIdsAreTokensAndAllDifferent() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      ids.add(RequestId.of(Headers.empty()));
    }

    assertThat(ids).hasSize(1_000).allMatch(Token::isToken);
  }

  @Test
  void idsThatSeveralThreadsMakeAreAllDifferent() throws Exception {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    CountDownLatch go = new CountDownLatch(1);
    List<FutureTask<?>> makers = new ArrayList<>();
    for (int i = 0; i < 40; i++) { // more than there are counters
      FutureTask<?> maker =
          new FutureTask<>(
              () -> {
                go.await();
                for (int made = 0; made < 1_000; made++) {
                  ids.add(RequestId.next());
                }
                return null;
              });
      makers.add(maker);
      new Thread(maker).start();
    }
    go.countDown();
    for (FutureTask<?> maker : makers) {
      maker.get(10, TimeUnit.SECONDS);
    }

    assertThat(ids).hasSize(40_000);
  }

  @Test
  void allCopiesOfARequestHaveOneId() {
    Request request = Request.get("/");

    assertThat(request.header("X", "1").id()).isEqualTo(request.id());
    assertThat(request.body(new byte[1]).id()).isEqualTo(request.id());
    assertThat(Request.get("/").id()).isNotEqualTo(request.id());
  }
}
