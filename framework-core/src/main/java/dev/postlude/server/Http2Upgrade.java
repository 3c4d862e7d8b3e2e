package dev.postlude.server;

import dev.postlude.http.Headers;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From HTTP/1.1 to HTTP/2 in clear text by {@code Upgrade: h2c}: RFC 7540 section 3.2. RFC 9113 has
 * given it up, but Java's own HTTP client still asks for it.
 */
final class Http2Upgrade {
  private static final int SETTING_BYTES = 6;

  /**
   * A proxy's marks. One that passes on an upgrade which it does not know passes on all that
   * follows, and believes of it that it has looked at it: the client would speak with its tongue.
   */
  private static final List<String> FORWARDED =
      List.of("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto");

  private Http2Upgrade() {}

  /**
   * The settings that come with a request for the upgrade, or {@code null} if it is none that could
   * be granted.
   */
  static @Nullable Http2Settings wanted(RequestHead head) {
    Headers headers = head.headers();
    if (head.http10()
        || !head.has("Upgrade")
        || headers.find("Host").orElse("").isEmpty() // over HTTP/2 there must be an authority
        || !headers.lists("Upgrade", "h2c")
        || !headers.lists("Connection", "Upgrade")
        || !headers.lists("Connection", "HTTP2-Settings")
        || headers.all("HTTP2-Settings").size() != 1
        || FORWARDED.stream().anyMatch(headers::contains)
        || head.contentLength() > 0
        || head.has("Transfer-Encoding")) {
      return null;
    }
    try {
      ByteBuffer payload =
          ByteBuffer.wrap(
              Base64.getUrlDecoder().decode(headers.find("HTTP2-Settings").orElseThrow()));
      Http2Settings settings = new Http2Settings();
      while (payload.remaining() >= SETTING_BYTES) {
        settings.put((char) payload.getShort(), (Long) (payload.getInt() & 0xffffffffL));
      }
      return payload.hasRemaining() ? null : settings;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Switches protocols, the handlers of HTTP/1.1 being for the caller to remove, and hands the
   * request on as stream 1. Runs on the event loop.
   */
  static void perform(
      ChannelHandlerContext ctx, ServerContext server, RequestHead head, Http2Settings settings)
      throws Http2Exception {
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline
        .firstContext()
        .writeAndFlush(
            ByteBufUtil.writeAscii(
                ctx.alloc(),
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"));
    Http2FrameCodec codec = Http2Connection.addTo(pipeline, server);
    codec.onHttpServerUpgrade(settings);
    codec
        .decoder()
        .frameListener()
        .onHeadersRead(
            pipeline.context(codec), Http2CodecUtil.HTTP_UPGRADE_STREAM_ID, fields(head), 0, true);
  }

  private static Http2Headers fields(RequestHead head) {
    Http2Headers fields =
        new DefaultHttp2Headers()
            .method(head.method().name())
            .path(head.target())
            .scheme("http")
            .authority(head.headers().find("Host").orElse(""));
    head.headers()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              switch (lower) {
                case "connection", "upgrade", "http2-settings", "host", "keep-alive", "te" -> {}
                default -> fields.add(lower, value);
              }
            });
    return fields;
  }
}
