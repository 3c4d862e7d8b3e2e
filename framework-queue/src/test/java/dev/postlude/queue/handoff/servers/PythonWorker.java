package dev.postlude.queue.handoff.servers;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A worker of Celery or RQ, with the functions in {@code src/test/resources/python}. */
public final class PythonWorker {
  private static final int START_SECONDS = 60;

  private PythonWorker() {}

  /** Starts a Celery worker, and waits until it takes tasks. */
  public static Child celery(String broker, String backend, String queue) throws Exception {
    String python = Programs.needPython("python3-celery python3-redis", "celery, redis, amqp");
    Child child =
        Child.start(
            Programs.folder("celery"),
            Map.of(
                "POSTLUDE_BROKER",
                broker,
                "POSTLUDE_BACKEND",
                backend,
                "PYTHONPATH",
                functions(),
                "PYTHONUNBUFFERED",
                "1",
                "PYTHONDONTWRITEBYTECODE",
                "1"),
            List.of(
                python,
                "-m",
                "celery",
                "-A",
                "celery_functions",
                "worker",
                "-Q",
                queue,
                "--pool=solo",
                "--loglevel=INFO",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat"));
    return awaited(child, " ready.");
  }

  /** Starts an RQ worker that speaks JSON, and waits until it takes jobs. */
  public static Child rq(String redis, String queue) throws Exception {
    String python = Programs.needPython("python3-rq python3-redis", "rq, redis");
    Child child =
        Child.start(
            Programs.folder("rq"),
            Map.of(
                "PYTHONPATH", functions(),
                "PYTHONUNBUFFERED", "1",
                "PYTHONDONTWRITEBYTECODE", "1",
                "LC_ALL", "C.UTF-8"),
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
    return awaited(child, "Listening on");
  }

  private static String functions() throws URISyntaxException {
    return Path.of(PythonWorker.class.getResource("/python/celery_functions.py").toURI())
        .getParent()
        .toString();
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
