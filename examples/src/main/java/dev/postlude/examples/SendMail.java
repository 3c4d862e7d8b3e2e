package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.Retry;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/** A mail that takes the mail server five seconds, after the answer; with a timeout and retries. */
public final class SendMail {
  private final Session session;

  private SendMail(int smtpPort) {
    Properties smtp = new Properties();
    smtp.put("mail.smtp.host", "127.0.0.1");
    smtp.put("mail.smtp.port", Integer.toString(smtpPort));
    smtp.put("mail.smtp.timeout", "10000");
    session = Session.getInstance(smtp);
  }

  record Mail(String to, String subject) {}

  public static App app() {
    return App.of(SendMail::routes);
  }

  public static void routes(Routes routes) {
    routes(routes, SlowMailServer.start());
  }

  static void routes(Routes routes, int smtpPort) {
    routes.post("/mails", new SendMail(smtpPort)::accept);
  }

  private Response accept(Request request) {
    Mail mail = request.json(Mail.class);
    return Response.json(202, Map.of("status", "accepted"))
        .background(
            BackgroundTask.of("send-mail", () -> send(mail))
                .timeout(Duration.ofSeconds(20))
                .retry(Retry.times(3).backoff(Duration.ofSeconds(1)).on(MessagingException.class)));
  }

  private void send(Mail mail) throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom("postlude@example.org");
    message.setRecipients(RecipientType.TO, mail.to());
    message.setSubject(mail.subject(), "UTF-8");
    message.setText("Sent after the answer.", "UTF-8");
    Transport.send(message);
    Timeline.say("mail sent to " + mail.to());
  }
}
