package dev.postlude.examples.gallery;

import dev.postlude.examples.CeleryForecast;
import dev.postlude.examples.Chat;
import dev.postlude.examples.Counter;
import dev.postlude.examples.CreateTask;
import dev.postlude.examples.DurableMail;
import dev.postlude.examples.Embeddings;
import dev.postlude.examples.GracefulShutdown;
import dev.postlude.examples.ImagePipeline;
import dev.postlude.examples.LongJob;
import dev.postlude.examples.Notes;
import dev.postlude.examples.Notify;
import dev.postlude.examples.NotifyUser;
import dev.postlude.examples.ResizeImage;
import dev.postlude.examples.SendMail;
import dev.postlude.examples.ServerSentEvents;
import dev.postlude.examples.Signup;
import dev.postlude.examples.StaticSite;
import dev.postlude.examples.Streaming;
import dev.postlude.examples.TempFile;
import dev.postlude.examples.Tls;
import dev.postlude.examples.WriteLog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All examples, in the order in which they are shown. */
final class Catalogue {
  private Catalogue() {}

  /** Examples that have something in common. */
  record Chapter(String title, List<Example> examples) {}

  static final List<Chapter> CHAPTERS =
      List.of(
          new Chapter("Afterwards", afterwards()),
          new Chapter("Longer work", longerWork()),
          new Chapter("The rest of the web", web()),
          new Chapter("On their own", alone()));

  static Stream<Example> all() {
    return CHAPTERS.stream().flatMap(chapter -> chapter.examples().stream());
  }

  static Optional<Example> find(String name) {
    return all().filter(example -> example.name().equals(name)).findFirst();
  }

  private static List<Example> afterwards() {
    return List.of(
        new Example(
            "Signup",
            "An account at once; then a welcome mail, which fails at first and is tried again; then"
                + " a note to the sales team, only if the mail went out.",
            Signup::routes,
            Signup::app,
            List.of(Try.post("Sign up", "/signup").json("{\"email\":\"ada@example.org\"}"))),
        new Example(
            "Counter",
            "A page at once, and a counter that slowly counts in the server's terminal.",
            Counter::routes,
            Counter::app,
            List.of(Try.get("Get the page", "/"))),
        new Example(
            "WriteLog",
            "Says that it was accepted, and then writes a line to a log file.",
            WriteLog::routes,
            WriteLog::app,
            List.of(
                Try.post("Send a notification", "/send-notification/ada@example.org"),
                Try.get("Read the log", "/log"))),
        new Example(
            "Notify",
            "A filter and a handler that both have something to do afterwards.",
            Notify::routes,
            Notify::app,
            List.of(
                Try.post("Send with a query", "/send-notification/ada@example.org?q=flowers"),
                Try.get("Read the log", "/log"))),
        new Example(
            "NotifyUser",
            "A filter makes sure of the user; the handler greets them, and the task still knows"
                + " who they are.",
            NotifyUser::routes,
            NotifyUser::app,
            List.of(
                Try.post("Notify me", "/notify").header("Authorization: Bearer secret"),
                Try.post("Without a token", "/notify"))),
        new Example(
            "CreateTask",
            "First the audit, which blocks, then the e-mail, which does not. The order is"
                + " guaranteed.",
            CreateTask::routes,
            CreateTask::app,
            List.of(
                Try.post("Create a task", "/tasks").json("{\"title\":\"water the plants\"}"),
                Try.get("What was done", "/done"))),
        new Example(
            "TempFile",
            "An upload in a temporary file, which is gone afterwards whatever became of the"
                + " client.",
            TempFile::routes,
            TempFile::app,
            List.of(Try.post("Upload", "/upload").text("some text, or --data-binary @a-file"))));
  }

  private static List<Example> longerWork() {
    return List.of(
        new Example(
            "SendMail",
            "A mail takes its server five seconds. It is sent after the answer, with a timeout,"
                + " and again when the server was too busy.",
            SendMail::routes,
            SendMail::app,
            List.of(
                Try.post("Send a mail", "/mails")
                    .json("{\"to\":\"ada@example.org\",\"subject\":\"Hello\"}"))),
        new Example(
            "LongJob",
            "202 with a Location, where a client asks how far the job is until it is done.",
            LongJob::routes,
            LongJob::app,
            List.of(Try.post("Print a report", "/reports"))),
        new Example(
            "Embeddings",
            "A text is taken at once, indexed afterwards by a slow model, and then found by its"
                + " meaning.",
            Embeddings::routes,
            Embeddings::app,
            List.of(
                Try.post("Add a text", "/documents")
                    .json(
                        "{\"title\":\"Tea\",\"text\":\"Pour boiling water over the leaves and wait"
                            + " for three minutes.\"}"),
                Try.get("Search", "/search?q=how+long+do+the+leaves+wait"))),
        new Example(
            "ResizeImage",
            "Pictures are taken at once and made small afterwards, two at a time, in a group of"
                + " tasks of their own. Send many.",
            ResizeImage::routes,
            ResizeImage::app,
            List.of(Try.upload("Upload a picture", "/pictures"))));
  }

  private static List<Example> web() {
    return List.of(
        new Example(
            "Notes",
            "Make, read, change and delete, in JSON; what is wrong with a request is told as a"
                + " problem document.",
            Notes::routes,
            Notes::app,
            List.of(
                Try.post("Make a note", "/notes").json("{\"title\":\"Milk\",\"text\":\"2 l\"}"),
                Try.post("Make it wrong", "/notes").json("{\"text\":\"without a title\"}"),
                Try.get("List", "/notes"))),
        new Example(
            "Streaming",
            "A table that is made while it goes out. Its task waits for the last byte.",
            Streaming::routes,
            Streaming::app,
            List.of(Try.stream("Stream", "/squares.csv?rows=8"))),
        new Example(
            "ServerSentEvents",
            "A countdown as server-sent events. Its task runs when the stream has ended, or when"
                + " the listener has left.",
            ServerSentEvents::routes,
            ServerSentEvents::app,
            List.of(Try.stream("Count down", "/countdown"))),
        new Example(
            "Chat",
            "A room over WebSockets, where all hear what one says. Open it twice.",
            Chat::routes,
            Chat::app,
            List.of(Try.page("Enter", "/"))),
        new Example(
            "StaticSite",
            "A small site from inside the jar, with ranges and conditional requests.",
            StaticSite::routes,
            StaticSite::app,
            List.of(
                Try.page("Visit", "/"),
                Try.get("First 60 bytes", "/index.html").header("Range: bytes=0-59"))));
  }

  private static List<Example> alone() {
    return List.of(
        new Example(
            "Tls",
            "TLS in one line, and over it HTTP/2, with a certificate made for the occasion.",
            null,
            Tls::app,
            List.of(Try.get("Visit", "/"))),
        new Example(
            "GracefulShutdown",
            "SIGTERM while tasks run: they get three seconds, and the report names those that were"
                + " cut off.",
            null,
            GracefulShutdown::app,
            List.of(
                Try.post("A second of work", "/work?seconds=1"),
                Try.post("Too much work", "/work?seconds=60"))),
        new Example(
                "DurableMail",
                "202 means that the mail is on disk. Kill this program with kill -9 while it sends, and"
                    + " start it again: every mail goes out. With --worker it only sends.",
                null,
                DurableMail::app,
                List.of(
                    Try.post("Send a mail", "/mails")
                        .json("{\"to\":\"ada@example.org\",\"subject\":\"Hello\"}"),
                    Try.page("Watch the tasks", "/ops/tasks/")))
            .worker(DurableMail::main),
        new Example(
                "ImagePipeline",
                "One process takes pictures, and others make them small: as many workers as you start."
                    + " Kill one while it works: the picture is not lost. With RabbitMQ's address in AMQP_URL"
                    + " they get their tasks from there.",
                null,
                ImagePipeline::app,
                List.of(
                    Try.page("Send pictures from a page", "/"),
                    Try.upload("Upload a picture", "/pictures"),
                    Try.page("Watch the tasks", "/ops/tasks/")))
            .worker(ImagePipeline::main)
            .broker(new Broker("AMQP_URL", null, 5672, "rabbitmq-server")),
        new Example(
                "CeleryForecast",
                "Work that is done in Python: kept here, handed to a Celery task when there is one, and"
                    + " its progress and its result read back.",
                null,
                CeleryForecast::app,
                List.of(
                    Try.post("Ask for a forecast", "/forecasts")
                        .json("{\"sales\":[12,15,17,21],\"weeks\":5}"),
                    Try.page("Watch the tasks", "/ops/tasks/")))
            .broker(new Broker("REDIS_URL", "redis://localhost/0", 6379, "redis-server"))
            .beside(
                "redis-server",
                "curl -sO {base}/tasks.py && python3 -m celery -A tasks worker --concurrency 1"));
  }
}
