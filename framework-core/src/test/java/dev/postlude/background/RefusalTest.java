package dev.postlude.background;

import static dev.postlude.background.Workbench.ok;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Bad input is refused where it is written, with a sentence")
@SuppressWarnings("NullAway") // what people without a checker may do
class RefusalTest {
  private static final Duration NEGATIVE = Duration.ofSeconds(-1);

  static Stream<Arguments> values() {
    return Stream.of(
        bad("A timeout must be more than zero: PT0S", () -> ok("t").timeout(Duration.ZERO)),
        bad("A timeout must be more than zero: PT-1S", () -> ok("t").timeout(NEGATIVE)),
        bad("A delay must be zero or more: PT-1S", () -> ok("t").delay(NEGATIVE)),
        bad("A task's name may not be blank; leave it out.", () -> ok(" ")),
        bad("chain() needs at least one task.", () -> BackgroundTask.chain(new BackgroundTask[0])),
        bad(
            "parallel() needs at least one task.",
            () -> BackgroundTask.parallel(new BackgroundTask[0])),
        bad("Retry.times() takes 1 or more; for none say Retry.never(): 0", () -> Retry.times(0)),
        bad("jitter must be between 0 and 1: 1.5", () -> Retry.times(1).jitter(1.5)),
        bad("jitter must be between 0 and 1: -0.1", () -> Retry.times(1).jitter(-0.1)),
        bad("jitter must be between 0 and 1: NaN", () -> Retry.times(1).jitter(Double.NaN)),
        bad("A backoff must be zero or more: PT-1S", () -> Retry.times(1).backoff(NEGATIVE)),
        bad(
            "maxBackoff must be more than zero: PT0S",
            () -> Retry.times(1).maxBackoff(Duration.ZERO)),
        bad(
            "on() needs at least one class of exceptions; for no retry at all say Retry.never().",
            () -> Retry.times(1).on()),
        bad("A group's name may not be blank: TaskGroup.of(\"pdf\").", () -> TaskGroup.of("")),
        bad(
            "maxConcurrent must be 1 or more, or no task of \"g\" could ever run: 0",
            () -> TaskGroup.of("g").maxConcurrent(0)),
        bad(
            "maxQueued must be 0 (nothing waits) or more in group \"g\": -1",
            () -> TaskGroup.of("g").maxQueued(-1)),
        bad(
            "slowTaskWarning must be more than zero, or zero to turn it off: PT-1S",
            () -> BackgroundOptions.defaults().slowTaskWarning(NEGATIVE)),
        bad(
            "Tasks may be nested at most 100 deep; a chain may be of any length.",
            RefusalTest::nestForEver));
  }

  private static void nestForEver() {
    BackgroundTask task = ok("t");
    for (; ; ) {
      task = BackgroundTask.parallel(ok("t").then(task), ok("u"));
    }
  }

  private static Arguments bad(String message, ThrowingCallable call) {
    return arguments(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void aBadValue(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  static Stream<ThrowingCallable> nulls() {
    BackgroundOptions options = BackgroundOptions.defaults();
    return Stream.of(
        () -> BackgroundTask.of((BackgroundTask.Action) null),
        () -> BackgroundTask.of((BackgroundTask.ContextAction) null),
        () -> BackgroundTask.of(null, () -> {}),
        () -> BackgroundTask.async("t", null),
        () -> BackgroundTask.async(null, context -> null),
        () -> BackgroundTask.chain((BackgroundTask[]) null),
        () -> BackgroundTask.chain(ok("t"), null),
        () -> BackgroundTask.parallel(ok("t"), null),
        () -> ok("t").then(null),
        () -> ok("t").named(null),
        () -> ok("t").timeout(null),
        () -> ok("t").retry(null),
        () -> ok("t").delay(null),
        () -> ok("t").when(null),
        () -> ok("t").group(null),
        () -> ok("t").onError(null),
        () -> Retry.times(1).backoff(null),
        () -> Retry.times(1).maxBackoff(null),
        () -> Retry.times(1).on((Class<? extends Throwable>[]) null),
        () -> Retry.times(1).onlyIf(null),
        () -> TaskGroup.of(null),
        () -> TaskGroup.of("g").whenFull(null),
        () -> Tasks.none().and((BackgroundTask) null),
        () -> Tasks.none().and((Tasks) null),
        () -> Tasks.none().andTracked(null),
        () -> new FinishHooks().add(null),
        () -> options.listener(null),
        () -> options.onError(null),
        () -> options.defaultGroup(null),
        () -> options.timer(null),
        () -> options.slowTaskWarning(null),
        () -> options.carriers((dev.postlude.context.ContextCarrier) null),
        () -> new BackgroundRunner(null));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void aNull(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NullPointerException.class)
        .hasMessageMatching("[A-Za-z].+ .+\\.");
  }
}
