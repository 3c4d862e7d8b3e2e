package dev.postlude.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A worker of Celery or RQ, in a folder of its own with the script that it runs. */
public final class PythonWorker {
  private static final int START_SECONDS = 60;

  private PythonWorker() {}

  /**
   * Starts a Celery worker with the functions in {@code celery_functions.py}, and waits until it
   * takes tasks.
   */
  public static Child celery(String broker, String backend, String queue) throws Exception {
    return celery(
        "/python/celery_functions.py",
        Map.of("POSTLUDE_BROKER", broker, "POSTLUDE_BACKEND", backend),
        queue);
  }

  /**
   * Starts a Celery worker with the tasks of a script on the class path, and waits until it takes
   * them.
   */
  public static Child celery(String script, Map<String, String> environment, String queue)
      throws Exception {
    String python = Programs.needPython("python3-celery python3-redis", "celery, redis, amqp");
    return start(
        script,
        environment,
        " ready.",
        List.of(
            python,
            "-m",
            "celery",
            "-A",
            name(script),
            "worker",
            "-Q",
            queue,
            "--pool=solo",
            "--loglevel=INFO",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat"));
  }

  /**
   * Starts an RQ worker that speaks JSON, with the functions in {@code rq_functions.py}, and waits
   * until it takes jobs.
   */
  public static Child rq(String redis, String queue) throws Exception {
    String python = Programs.needPython("python3-rq python3-redis", "rq, redis");
    return start(
        "/python/rq_functions.py",
        Map.of("LC_ALL", "C.UTF-8"),
        "Listening on",
        List.of(
            python,
            "-c",
            "from rq.cli import main; main()",
            "worker",
            "--url",
            redis,
            "--serializer",
            "rq.serializers.JSONSerializer",
            queue));
  }

  private static String name(String script) {
    return script.substring(script.lastIndexOf('/') + 1).replace(".py", "");
  }

  private static Child start(
      String script, Map<String, String> environment, String words, List<String> command)
      throws Exception {
    Path folder = Programs.folder(name(script));
    try (InputStream in = PythonWorker.class.getResourceAsStream(script)) {
      Files.copy(Objects.requireNonNull(in, script), folder.resolve(name(script) + ".py"));
    }
    Map<String, String> all = new HashMap<>(environment);
    all.put("PYTHONPATH", folder.toString());
    all.put("PYTHONUNBUFFERED", "1");
    all.put("PYTHONDONTWRITEBYTECODE", "1");
    return awaited(Child.start(folder, all, command), words);
  }

  private static Child awaited(Child child, String words) throws Exception {
    long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end && child.isAlive()) {
      if (child.log().contains(words)) {
        return child;
      }
      Thread.sleep(50); // a program that starts tells nobody
    }
    child.kill();
    throw new IOException("The worker did not start: " + child.log());
  }
}
