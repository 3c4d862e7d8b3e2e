package dev.postlude.examples.docs;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.TaskContext;
import dev.postlude.background.TaskGroup;
import dev.postlude.context.Key;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.http.WebSocketListener;
import dev.postlude.http.WebSocketOptions;
import dev.postlude.queue.TaskQueue;
import dev.postlude.queue.TaskType;
import dev.postlude.routing.Routes;
import dev.postlude.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * The names that documents take for granted: an app's own types, and what is at hand where routes
 * are written. Only compiled against, never run.
 */
@SuppressWarnings({"unused", "NullAway"})
public abstract class Fragment {
  protected App app;
  protected Server server;
  protected Routes routes;
  protected Routes admin;
  protected Request request;
  protected Response response;
  protected BackgroundTask a;
  protected BackgroundTask b;
  protected BackgroundTask c;
  protected String id;
  protected Path folder;

  protected WebSocketOptions options;

  protected String[] args;
  protected String password;
  protected TaskQueue queue;
  protected TaskType<Welcome> welcome;
  protected TaskType<Payment> payment;
  protected Smtp smtp;
  protected DataSource pool;

  protected User user;
  protected Account account;
  protected Accounts accounts;
  protected Mail mail;
  protected Audit audit;
  protected Client client;
  protected Statistics statistics;
  protected Reports reports;
  protected Thumbnails thumbnails;
  protected Map<String, User> tokens;

  protected static final Key<User> USER = Key.of("user");
  protected static final String PAGE = "<!doctype html>";
  protected static final ThreadLocal<String> TENANT = new ThreadLocal<>();
  protected static final TaskGroup MAIL = TaskGroup.of("mail");

  /** The payload of a mail. */
  public record Welcome(String to) {}

  /** The payload of a payment. */
  public record Payment(long cents) {}

  /** The payload of a report. */
  public record Report(int pages) {}

  /** The payload of a picture. */
  public record Picture(String url) {}

  /** A mail server that sends the mail of an id once. */
  public interface Smtp {
    void send(String to, String id) throws IOException;
  }

  protected abstract void insertOrder(Connection connection);

  /** Somebody who is logged in. */
  public record User(String name, String email) {}

  /** What a client sends to sign up. */
  public record Signup(String email) {}

  /** What comes of it. */
  public record Account(int id, String email) {}

  /** Where accounts are kept. */
  public interface Accounts {
    Account create(Signup signup);

    Optional<User> login(String name, String password);
  }

  /** How mails are sent. */
  public interface Mail {
    void welcome(Object whom);
  }

  /** Who writes down what happened. */
  public interface Audit {
    void write(Object... facts);
  }

  /** A client of another service. */
  public interface Client {
    CompletionStage<?> sendAsync(Object... request);
  }

  /** Who counts. */
  public interface Statistics {
    void left();

    void open();

    void close();
  }

  /** Who writes reports. */
  public interface Reports {
    Path write();
  }

  /** Who makes pictures small. */
  public interface Thumbnails {
    void make(int album, InputStream picture);
  }

  /** What a socket tells. */
  public static class News implements WebSocketListener {}

  /** Any value. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  protected static <T> T any() {
    return null;
  }

  protected void mail(Object... words) {}

  protected void print(Object... words) {}

  protected void alert(TaskContext task, Throwable error) {}
}
