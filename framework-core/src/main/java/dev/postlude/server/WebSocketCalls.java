package dev.postlude.server;

import dev.postlude.http.WebSocket;
import dev.postlude.http.WebSocketListener;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one socket's listener: on workers, one at a time, in order. Who adds them sees to it
 * that there are few.
 *
 * <p>Thread-safe.
 */
final class WebSocketCalls {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private final WebSocketListener listener;
  private final WebSocket socket;
  private final Executor workers;
  private final EventLoop loop;
  private final Progress progress;
  private final Queue<Call> waiting = new ArrayDeque<>(2);
  private boolean running;

  /** One call of the listener. */
  interface Call {
    void on(WebSocketListener listener, WebSocket socket) throws Exception;
  }

  /** Who wants to know how it goes; called on the event loop. */
  interface Progress {
    /** The last call there was has returned. */
    void idle();

    /** A call threw. */
    void threw();
  }

  WebSocketCalls(
      WebSocketListener listener,
      WebSocket socket,
      Executor workers,
      EventLoop loop,
      Progress progress) {
    this.listener = listener;
    this.socket = socket;
    this.workers = workers;
    this.loop = loop;
    this.progress = progress;
  }

  /** Whether no call is under way or waiting. */
  synchronized boolean isIdle() {
    return !running;
  }

  /** Has a call made after those that were added before. Does not block. */
  void add(Call call) {
    synchronized (this) {
      waiting.add(call);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      workers.execute(this::run);
    } catch (RejectedExecutionException e) {
      // The server has stopped. What is left to say is closed(), and that was promised.
      Thread late = new Thread(this::run, "postlude-websocket-end");
      late.setDaemon(true);
      late.start();
    }
  }

  private void run() {
    for (Call call = next(); call != null; call = next()) {
      make(call);
      Thread.interrupted(); // what it has left behind is not for the next one
    }
    tell(progress::idle);
  }

  private synchronized @Nullable Call next() {
    Call next = waiting.poll();
    running = next != null;
    return next;
  }

  private void make(Call call) {
    try {
      call.on(listener, socket);
    } catch (Throwable thrown) {
      if (!socket.isOpen() && thrown instanceof IOException) {
        LOG.log(Level.DEBUG, "a WebSocket was closed while its listener was at work", thrown);
      } else {
        failed(thrown);
      }
    }
  }

  private void failed(Throwable thrown) {
    LOG.log(
        Level.ERROR,
        () ->
            "the listener of the WebSocket "
                + socket.request().route()
                + " failed, request "
                + socket.request().id(),
        thrown);
    tell(progress::threw);
    Thread.interrupted(); // nor for this one
    try {
      listener.failed(socket, thrown);
    } catch (Throwable again) {
      LOG.log(Level.ERROR, "the listener of a WebSocket failed in failed()", again);
    }
  }

  private void tell(Runnable news) {
    try {
      loop.execute(news);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "a WebSocket's event loop has ended before its listener", e);
    }
  }
}
