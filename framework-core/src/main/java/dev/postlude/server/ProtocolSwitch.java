package dev.postlude.server;

import dev.postlude.background.Admission;
import dev.postlude.http.Body;
import dev.postlude.http.Response;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * How a connection goes over from HTTP/1.1 to another protocol, with what the client has sent
 * since: RFC 9110 section 7.8. Used on the connection's event loop.
 */
final class ProtocolSwitch {
  private final ChannelHandlerContext connection;
  private final RequestDecoder decoder;
  private final Outlet outlet;
  private final LingeringClose ending;
  private final ServerContext server;

  /** The way out for the connection whose context this is; the decoder goes before it. */
  ProtocolSwitch(
      ChannelHandlerContext connection,
      RequestDecoder decoder,
      Outlet outlet,
      LingeringClose ending,
      ServerContext server) {
    this.connection = connection;
    this.decoder = decoder;
    this.outlet = outlet;
    this.ending = ending;
    this.server = server;
  }

  /** Goes over to HTTP/2, with this request as stream 1. */
  void toHttp2(RequestHead head, Http2Settings settings) {
    leave(
        pipeline -> {
          if (!pipeline.channel().isActive()) {
            return;
          }
          outlet.handOver(connection);
          Http2Upgrade.perform(connection, server, head, settings);
          pipeline.remove(decoder).remove(connection.handler());
          pipeline.fireChannelReadComplete(); // no read's end tells the streams to flush
        });
  }

  /** Goes over to WebSocket, and says so to the client. */
  void toWebSocket(Response response, Body.WebSocket webSocket, @Nullable Admission admission) {
    leave(
        pipeline -> {
          if (!pipeline.channel().isActive()) {
            Afterwards.cutOff(admission, response.status(), 0, true);
            return;
          }
          new Http1Wire(connection, outlet, Persistence.IMPLIED, false)
              .headOnly(response, pipeline.voidPromise());
          outlet.handOver(connection);
          pipeline.remove(connection.handler());
          WebSocketConnection.addTo(pipeline, server, webSocket, admission);
          pipeline.remove(decoder);
        });
  }

  private interface Exit {
    void from(ChannelPipeline pipeline) throws Http2Exception;
  }

  private void leave(Exit exit) {
    if (decoder.isDecoding()) {
      connection.channel().eventLoop().execute(() -> leave(exit)); // none leaves in mid-work
      return;
    }
    ChannelPipeline pipeline = connection.pipeline();
    boolean ended = ending.isInputShutdown(pipeline.channel());
    try {
      exit.from(pipeline);
    } catch (Http2Exception e) {
      pipeline.fireExceptionCaught(e);
      return;
    }
    if (ended && pipeline.channel().isActive()) {
      // The decoder may have held it back.
      pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }
}
