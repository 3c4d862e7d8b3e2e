package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.Response;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one connection, or one of them, on their way: they go to a worker together, are
 * handled one after the other, and their answers come back together as far as they are there when
 * the event loop looks, and with those of other connections that the same worker has handled. No
 * answer waits for a later request, except for a processor.
 *
 * <pre>
 *   event loop  depart                        deliver --> written, flushed once
 *                  | enqueue                     ^ execute
 *   worker         '--> handle 1 --> answer 1 ---'
 *                       handle 2 --> answer 2 ---'
 * </pre>
 *
 * <p>The two thread hops of a request stand here and nowhere else; that the first is made once for
 * all batches of a pass is for {@link Departures}. A request of an {@code onEventLoop()} route
 * takes none: its way is {@link Single}.
 *
 * <p>The next request is begun only when the answer before it is one that leaves the connection as
 * it is: small and in memory. After any other answer (a stream, one that is still to come, the last
 * one of the connection) the worker leaves, and the {@link #rest} is the sender's again.
 */
final class Batch implements Runnable, Dispatcher.Recipient {
  /** So many bytes of content may be answered before the event loop is asked whether to go on. */
  private static final int AHEAD = 64 * 1024;

  private final Sender sender;
  private final ServerContext server;
  private final List<Incoming> requests;
  private final @Nullable Answer[] answers;

  // Whoever handles: one thread at a time, the worker or who completes what the worker left.
  private @Nullable Thread worker;
  private boolean goesOn;
  private long ahead;

  // Handed from there to the event loop.
  private volatile int answered;
  private volatile boolean deliveryDue;

  // The event loop's.
  private int delivered;

  Batch(Sender sender, ServerContext server, List<Incoming> requests) {
    this.sender = sender;
    this.server = server;
    this.requests = requests;
    this.answers = new Answer[requests.size()];
  }

  /** Who is to write the answers. */
  interface Sender {
    EventLoop eventLoop();

    /** Whether the next request may be begun as far as the connection goes. Any thread. */
    boolean goesOn();

    /**
     * Called once for each request that was begun, in order, on the event loop.
     *
     * @param admission to be released when the last write is done, or {@code null} when nothing is
     *     to happen then
     * @param followed whether the next request has been begun, so that the connection goes on
     */
    void answered(
        Incoming request, Response response, @Nullable Admission admission, boolean followed);

    /** Called on the event loop when all the answers that there are have been handed over. */
    void delivered();
  }

  private record Answer(Response response, @Nullable Admission admission, boolean followed) {}

  /** Has the requests handled by a worker, at the end of the event loop's pass. */
  void depart() {
    try {
      server.workers().enqueue(this);
      server.departures(sender.eventLoop()).add();
    } catch (RejectedExecutionException e) {
      Incoming first = requests.get(0);
      server.dispatcher().refuse(first.request(), first.trail(), this);
    }
  }

  /** How many requests it was made of. */
  int size() {
    return answers.length;
  }

  /** The requests that were not begun, once an answer that is not followed has been delivered. */
  List<Incoming> rest() {
    return requests.subList(answered, requests.size());
  }

  /** Handles requests up to one that is not answered at once, or not in passing. */
  @Override
  public void run() {
    worker = Thread.currentThread();
    handleNext();
    while (goesOn) {
      Thread.interrupted(); // what the handler before left behind is not for the next one
      handleNext();
    }
    worker = null;
  }

  private void handleNext() {
    goesOn = false;
    Incoming next = requests.get(answered);
    server.dispatcher().handle(next.endpoint(), next.request(), next.trail(), this);
  }

  /** Called once for each request that was begun, on whatever thread it was answered. */
  @Override
  public void answer(Response response, @Nullable Admission admission) {
    int at = answered;
    goesOn =
        at + 1 < answers.length
            && worker == Thread.currentThread()
            && leavesConnection(response)
            && sender.goesOn();
    Answer answer = new Answer(response, admission, goesOn);
    answers[at] = answer;
    answered = at + 1;
    if (sender.eventLoop().inEventLoop()) {
      deliver();
    } else if (!deliveryDue) {
      deliveryDue = true;
      if (worker == Thread.currentThread() && !goesOn) {
        server.workers().bringBack(() -> bringBack(answer));
      } else { // what this thread does next may block, and is not waited for
        goesOn &= bringBack(answer);
      }
    }
  }

  private boolean bringBack(Answer answer) {
    try {
      sender.eventLoop().execute(this::deliver);
      return true;
    } catch (RejectedExecutionException e) {
      Afterwards.cutOff(answer.admission(), answer.response().status(), 0, true);
      return false;
    }
  }

  private boolean leavesConnection(Response response) {
    ahead += response.body().length();
    return response.body() instanceof Body.Bytes
        && ahead <= AHEAD
        && !response.headers().contains("Connection");
  }

  private void deliver() {
    deliveryDue = false; // before looking: an answer that comes later asks for another delivery
    while (delivered < answered) {
      Incoming request = requests.get(delivered);
      Answer answer = Objects.requireNonNull(answers[delivered]);
      answers[delivered++] = null;
      sender.answered(request, answer.response(), answer.admission(), answer.followed());
    }
    sender.delivered();
  }
}
