package dev.postlude.server;

import dev.postlude.http.Body;
import io.netty.channel.ChannelFuture;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * The files of one response that the kernel copies to the socket. When that fails, this finds out
 * who is to blame: an error of the kernel's may be the file's or the client's. Used on the event
 * loop.
 */
final class KernelCopies {
  private static final Logger LOG = System.getLogger("dev.postlude.server");

  private final @Nullable Incoming request;
  private boolean failed;

  KernelCopies(@Nullable Incoming request) {
    this.request = request;
  }

  /** Whether a file was to blame; to be asked when all of them have ended. */
  boolean haveFailed() {
    return failed;
  }

  /** Notes how the copying of a file has ended. Looks at the file if it is suspected. */
  void ended(Body.File file, ChannelFuture copy) {
    Throwable cause = copy.cause();
    if (cause != null && !failed && isToBlame(file, cause)) {
      failed = true;
      LOG.log(
          Level.ERROR,
          () -> Incoming.answerTo(request) + " failed half-way and was cut off",
          cause);
    }
  }

  private static boolean isToBlame(Body.File file, Throwable cause) {
    if (cause instanceof FileNotFoundException) {
      return true; // which says so too of one that may not be opened
    }
    try {
      return !(cause instanceof ClosedChannelException)
          && Files.size(file.path()) < file.offset() + file.length();
    } catch (IOException e) {
      return false; // it was open, and could be copied without its name
    }
  }
}
