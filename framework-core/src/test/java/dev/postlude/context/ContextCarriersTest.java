package dev.postlude.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.context.ContextCarrier.Scope;
import dev.postlude.context.ContextCarrier.Snapshot;
import io.micrometer.context.ContextRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContextCarriersTest {
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  @AfterEach
  void clean() {
    LOCAL.remove();
  }

  private static String elsewhere(Snapshot snapshot, String there) {
    return CompletableFuture.supplyAsync(
            () -> {
              LOCAL.set(there);
              Scope scope = snapshot.restore();
              String inside = LOCAL.get();
              LOCAL.set("dirt");
              scope.close();
              String after = LOCAL.get();
              LOCAL.remove();
              return inside + ", then " + after;
            })
        .join();
  }

  @Test
  void aThreadLocalIsCarriedAndTheThreadPutBackAsItWas() {
    LOCAL.set("mine");
    Snapshot snapshot = ContextCarrier.ofThreadLocal(LOCAL).capture();
    LOCAL.set("changed");
    assertThat(elsewhere(snapshot, "theirs")).isEqualTo("mine, then theirs");
    assertThat(elsewhere(snapshot, null)).isEqualTo("mine, then null");
  }

  @Test
  void aThreadLocalThatIsNotSetIsCarriedToo() {
    Snapshot snapshot = ContextCarrier.ofThreadLocal(LOCAL).capture();
    assertThat(elsewhere(snapshot, "theirs")).isEqualTo("null, then theirs");
  }

  @Test
  void scopesAreClosedInnermostFirst() {
    List<String> calls = new ArrayList<>();
    Snapshot snapshot =
        ContextCarriers.of(List.of(noting("a", calls), noting("b", calls))).capture();
    Scope scope = snapshot.restore();
    scope.close();
    assertThat(calls)
        .containsExactly("capture a", "capture b", "restore a", "restore b", "close b", "close a");
  }

  private static ContextCarrier noting(String name, List<String> calls) {
    return () -> {
      calls.add("capture " + name);
      return () -> {
        calls.add("restore " + name);
        return () -> calls.add("close " + name);
      };
    };
  }

  @Test
  void theCarriersOfAnAppAreCurrentInItsHandlersOnly() {
    ContextCarriers outer = ContextCarriers.of(List.of(ContextCarrier.ofThreadLocal(LOCAL)));
    ContextCarriers inner = ContextCarriers.of(List.of(ContextCarrier.ofThreadLocal(LOCAL)));
    assertThat(ContextCarriers.current()).isSameAs(ContextCarriers.none());
    Scope first = outer.makeCurrent();
    Scope second = inner.makeCurrent();
    assertThat(ContextCarriers.current()).isSameAs(inner);
    Scope third = ContextCarriers.none().makeCurrent();
    assertThat(ContextCarriers.current()).isSameAs(ContextCarriers.none());
    third.close();
    second.close();
    assertThat(ContextCarriers.current()).isSameAs(outer);
    first.close();
    assertThat(ContextCarriers.current()).isSameAs(ContextCarriers.none());
  }

  @Test
  void noCarriersCarryNothingAndCostNothing() {
    assertThat(ContextCarriers.none().isEmpty()).isTrue();
    assertThat(ContextCarriers.none().capture()).isSameAs(ContextCarriers.none().capture());
    ContextCarriers.none().capture().restore().close();
  }

  @Test
  void whatIsRegisteredWithMicrometerComesAlongUnasked() {
    ContextRegistry registry = ContextRegistry.getInstance();
    registry.registerThreadLocalAccessor("test", LOCAL);
    try {
      ContextCarriers carriers = ContextCarriers.of(List.of());
      assertThat(carriers.isEmpty()).isFalse();
      LOCAL.set("mine");
      Snapshot snapshot = carriers.capture();
      LOCAL.remove();
      assertThat(elsewhere(snapshot, "theirs")).isEqualTo("mine, then theirs");
      assertThat(elsewhere(snapshot, null)).isEqualTo("mine, then null");
    } finally {
      registry.removeThreadLocalAccessor("test");
    }
  }

  @Test
  void micrometerWithNothingRegisteredCarriesNothing() {
    LOCAL.set("mine");
    Snapshot snapshot = ContextCarriers.of(List.of()).capture();
    assertThat(elsewhere(snapshot, "theirs")).isEqualTo("theirs, then dirt");
  }
}
