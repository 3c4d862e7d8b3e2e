package dev.postlude.benchmarks.http.peers;

import dev.postlude.benchmarks.http.Content;
import dev.postlude.benchmarks.http.Peer;
import dev.postlude.benchmarks.http.Setup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;

/**
 * Netty by hand and without its response encoder: the answers to all that came in with one read are
 * written as bytes into one buffer. What a service of one endpoint could do; no framework.
 */
public final class NettyBytesPeer implements Peer {
  private static final byte[] TEXT_HEAD = head("text/plain; charset=utf-8");
  private static final byte[] JSON_HEAD = head("application/json");
  private static final byte[] LENGTH = ascii("\r\ncontent-length: ");
  private static final byte[] HEAD_END = ascii("\r\n\r\n");
  private static final byte[] CONTENT = ascii(Content.TEXT);
  private static final byte[] ACCEPTED = ascii(Content.ACCEPTED);

  private static byte[] head(String type) {
    return ascii("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\ndate: ");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void start(Setup setup) throws Exception {
    ExecutorService threads = setup.taskThreads();
    NettyServer.start(
        setup,
        channel ->
            channel.pipeline().addLast(new HttpRequestDecoder(), new Connection(setup, threads)));
  }

  private static final class Connection extends ChannelInboundHandlerAdapter {
    private final Setup setup;
    private final ExecutorService threads;
    private String uri = "";
    private ByteBuf body;
    private ByteBuf out;
    private int tasks;

    Connection(Setup setup, ExecutorService threads) {
      this.setup = setup;
      this.threads = threads;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof HttpRequest request) {
          if (request.decoderResult().isFailure()) {
            ctx.close();
            return;
          }
          uri = request.uri();
        }
        if (message instanceof HttpContent content && content.content().isReadable()) {
          if (body == null) {
            body = ctx.alloc().buffer();
          }
          body.writeBytes(content.content());
        }
        if (message instanceof LastHttpContent) {
          answer(ctx);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void answer(ChannelHandlerContext ctx) {
      switch (uri) {
        case "/plaintext" -> write(ctx, TEXT_HEAD, CONTENT);
        case "/json" -> write(ctx, JSON_HEAD, Content.messageJson());
        case "/echo" -> {
          byte[] json = ByteBufUtil.getBytes(body);
          body.release();
          body = null;
          write(ctx, JSON_HEAD, Content.orderJson(Content.order(json)));
        }
        case "/task" -> {
          setup.tasks().ask();
          tasks++;
          write(ctx, TEXT_HEAD, ACCEPTED);
        }
        default -> {
          String id = NettyServer.itemOf(uri);
          if (id == null) {
            ctx.close();
          } else {
            write(ctx, TEXT_HEAD, ascii(id));
          }
        }
      }
    }

    private void write(ChannelHandlerContext ctx, byte[] head, byte[] content) {
      ByteBuf to = out;
      if (to == null) {
        to = ctx.alloc().buffer(1024);
        out = to;
      }
      AsciiString date = NettyServer.date();
      to.writeBytes(head).writeBytes(date.array(), date.arrayOffset(), date.length());
      to.writeBytes(LENGTH);
      ByteBufUtil.writeAscii(to, Integer.toString(content.length));
      to.writeBytes(HEAD_END).writeBytes(content);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ByteBuf answers = out;
      if (answers == null) {
        return;
      }
      out = null;
      if (tasks == 0) {
        ctx.writeAndFlush(answers, ctx.voidPromise());
        return;
      }
      int released = tasks;
      tasks = 0;
      ChannelFuture written = ctx.writeAndFlush(answers);
      written.addListener(
          done -> {
            for (int i = 0; i < released; i++) {
              threads.execute(() -> setup.tasks().run());
            }
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
