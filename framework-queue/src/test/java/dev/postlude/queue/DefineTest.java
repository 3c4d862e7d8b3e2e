package dev.postlude.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.postlude.http.TypeOf;
import dev.postlude.queue.handoff.HandOff;
import dev.postlude.queue.task.QueueOptions;
import dev.postlude.queue.task.TaskAction;
import dev.postlude.queue.task.TaskHandler;
import dev.postlude.queue.task.TaskPolicy;
import dev.postlude.queue.task.TaskRecord;
import dev.postlude.queue.task.TaskRun;
import dev.postlude.queue.task.TaskState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Types of tasks as a program writes them down: that it compiles is half of each test. */
class DefineTest {
  private static final TaskPolicy POLICY = TaskPolicy.defaults();

  @TempDir Path folder;

  private final BlockingQueue<Welcome> sent = Bells.notes();
  private final Smtp smtp = sent::add;

  record Welcome(String to) {}

  /** What sends a mail and returns nothing. */
  interface Smtp {
    void send(Welcome mail);
  }

  private void deliver(Welcome mail, TaskRun task) {
    smtp.send(mail);
  }

  private String greet(Welcome mail, TaskRun task) {
    smtp.send(mail);
    return "hello " + mail.to();
  }

  private TaskQueue queue() {
    return TaskQueue.sqlite(folder.resolve("tasks.db")).with(QueueOptions.defaults().threads(2));
  }

  /** Runs a task of each type, and returns their results. */
  private List<String> results(TaskQueue queue, List<TaskType<Welcome>> types) throws Exception {
    queue.start();
    List<String> results = new ArrayList<>();
    for (TaskType<Welcome> type : types) {
      String id = Bells.value(type.enqueue(new Welcome("ada")));
      TaskRecord done = Bells.await(queue, id, TaskState.SUCCEEDED);
      assertThat(Bells.next(sent).to()).isEqualTo("ada");
      results.add(String.valueOf(done.result()));
    }
    return results;
  }

  @Test
  void aTaskWithoutAResultIsAnExpressionAReferenceOrABlock() throws Exception {
    try (TaskQueue queue = queue()) {
      TaskType<Welcome> welcome =
          queue.define("welcome-mail", Welcome.class, (mail, task) -> smtp.send(mail));
      List<TaskType<Welcome>> types =
          List.of(
              welcome,
              queue.define("reference", Welcome.class, this::deliver),
              queue.define(
                  "block",
                  Welcome.class,
                  (mail, task) -> {
                    smtp.send(mail);
                  }),
              queue.define("policy", Welcome.class, POLICY, (mail, task) -> smtp.send(mail)),
              queue.define("policy reference", Welcome.class, POLICY, this::deliver),
              queue.define(
                  "generic", new TypeOf<Welcome>() {}, POLICY, (mail, task) -> smtp.send(mail)),
              queue.define("generic reference", new TypeOf<Welcome>() {}, POLICY, this::deliver),
              queue.define("dropped", Welcome.class, (mail, task) -> sent.add(mail)),
              queue.define("dropped reference", Welcome.class, this::greet));

      assertThat(results(queue, types)).hasSize(9).containsOnly("null");
    }
  }

  @Test
  void aTaskWithAResultHasAVerbOfItsOwn() throws Exception {
    try (TaskQueue queue = queue()) {
      List<TaskType<Welcome>> types =
          List.of(
              queue.defineWithResult(
                  "expression", Welcome.class, (mail, task) -> greet(mail, task)),
              queue.defineWithResult("reference", Welcome.class, this::greet),
              queue.defineWithResult(
                  "block",
                  Welcome.class,
                  (mail, task) -> {
                    smtp.send(mail);
                    return "hello " + mail.to();
                  }),
              queue.defineWithResult("policy", Welcome.class, POLICY, this::greet),
              queue.defineWithResult("generic", new TypeOf<Welcome>() {}, POLICY, this::greet));

      assertThat(results(queue, types)).hasSize(5).containsOnly("\"hello ada\"");
    }
  }

  static Stream<Arguments> missing() {
    return Stream.of(
        Arguments.of("a name, which", null, Welcome.class, (TaskAction<Welcome>) (mail, run) -> {}),
        Arguments.of("Welcome.class", "x", null, (TaskAction<Welcome>) (mail, run) -> {}),
        Arguments.of("smtp.send(mail)", "x", Welcome.class, null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("missing")
  void whatIsMissingIsAskedForInASentence(
      String said, String name, Class<Welcome> payload, TaskAction<Welcome> action) {
    TaskHandler<Welcome> handler = action == null ? null : TaskHandler.of(action);
    TypeOf<Welcome> generic = payload == null ? null : new TypeOf<>() {};
    try (TaskQueue queue = queue()) {
      for (ThrowingCallable each :
          List.<ThrowingCallable>of(
              () -> queue.define(name, payload, action),
              () -> queue.define(name, payload, POLICY, action),
              () -> queue.define(name, generic, POLICY, action),
              () -> queue.defineWithResult(name, payload, handler),
              () -> queue.defineWithResult(name, payload, POLICY, handler),
              () -> queue.defineWithResult(name, generic, POLICY, handler))) {
        assertThatNullPointerException()
            .isThrownBy(each)
            .withMessageMatching("(A type of tasks needs|Say) .*[.]")
            .withMessageContaining(said);
      }
      assertThat(queue.names()).isEmpty();
    }
  }

  @Test
  void aMissingPolicyOrHandOffIsAskedForInASentence() {
    try (TaskQueue queue = queue()) {
      assertThatNullPointerException()
          .isThrownBy(() -> queue.define("x", Welcome.class, null, this::deliver))
          .withMessage("A type of tasks needs a policy, if only TaskPolicy.defaults().");
      assertThatNullPointerException()
          .isThrownBy(() -> queue.define("x", Welcome.class, (HandOff) null))
          .withMessageStartingWith("A type of tasks needs ")
          .withMessageContaining("celery.task(");
    }
  }
}
