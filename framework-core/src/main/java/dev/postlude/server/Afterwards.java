package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.background.Outcome;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The listener on the promise of a response's last write: the one place where background work is
 * released.
 *
 * <p>"Written" means that the kernel's socket buffer took the last byte, never that the client has
 * received it.
 */
final class Afterwards implements ChannelProgressiveFutureListener {
  private final ServerContext server;
  private final Admission admission;
  private final int status;
  private final long before;
  private final long length;
  private final BooleanSupplier ours;
  private long progress;

  /**
   * What follows a response.
   *
   * @param before the bytes of content written before the last write
   * @param length the bytes of content in the last write
   */
  Afterwards(ServerContext server, Admission admission, int status, long before, long length) {
    this(server, admission, status, before, length, () -> false);
  }

  /**
   * What follows a response that may fail for a reason of our own.
   *
   * @param ours asked after an I/O error, which is the client's unless this says otherwise
   */
  Afterwards(
      ServerContext server,
      Admission admission,
      int status,
      long before,
      long length,
      BooleanSupplier ours) {
    this.server = server;
    this.admission = admission;
    this.status = status;
    this.before = before;
    this.length = length;
    this.ours = ours;
  }

  @Override
  public void operationProgressed(ChannelProgressiveFuture write, long bytes, long total) {
    progress = bytes;
  }

  @Override
  public void operationComplete(ChannelProgressiveFuture write) {
    Runnable rest =
        write.isSuccess()
            ? admission.written(Outcome.SENT, status, before + length)
            : admission.written(
                isClients(write.cause()) ? Outcome.DISCONNECTED : Outcome.FAILED,
                status,
                before + Math.min(progress, length));
    server.releases(write.channel().eventLoop()).add(rest);
  }

  private boolean isClients(Throwable cause) {
    return cause instanceof IOException && !ours.getAsBoolean();
  }

  /**
   * The same for a response whose last write never came.
   *
   * @param clientIsGone whether the client left, rather than we failed
   */
  static void cutOff(@Nullable Admission admission, int status, long bytes, boolean clientIsGone) {
    if (admission != null) {
      admission.release(clientIsGone ? Outcome.DISCONNECTED : Outcome.FAILED, status, bytes);
    }
  }
}
