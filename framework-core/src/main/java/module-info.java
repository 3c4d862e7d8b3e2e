import org.jspecify.annotations.NullMarked;

/**
 * A web microframework whose responses have an afterwards.
 *
 * <p>Netty's native transports are picked up on the class path. On the module path nothing requires
 * them, so name the one for your machine, or Netty's portable transport is used: {@code
 * --add-modules io.netty.transport.epoll.linux.x86_64}.
 */
@NullMarked
@SuppressWarnings("module") // the queue is built after us
module dev.postlude {
  requires static transitive org.jspecify;

  // Known to dev.postlude.http.Json only.
  requires tools.jackson.databind;

  // Known to dev.postlude.server only. None is transitive, so none may show in what we export.
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.compression;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.io_uring;
  requires io.netty.transport.classes.kqueue;

  // Known to dev.postlude.context.MicrometerCarrier only, where it is present.
  requires static context.propagation;

  // Known to dev.postlude.filter.Brotli and Zstd only, where they are present.
  requires static com.aayushatharva.brotli4j;
  requires static com.github.luben.zstd_jni;

  exports dev.postlude;
  exports dev.postlude.background;
  exports dev.postlude.context;
  exports dev.postlude.concurrent to
      dev.postlude.queue;
  exports dev.postlude.files;
  exports dev.postlude.filter;
  exports dev.postlude.http;
  exports dev.postlude.routing;
  exports dev.postlude.server;
}
