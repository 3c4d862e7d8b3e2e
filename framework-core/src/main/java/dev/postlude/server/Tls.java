package dev.postlude.server;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a server needs to speak TLS, read from PEM files. */
final class Tls {
  private Tls() {}

  /**
   * The TLS settings that the options ask for, or {@code null} for none.
   *
   * @throws IllegalArgumentException when a file is missing or not what it should be; the message
   *     names it
   */
  static @Nullable SslContext context(ServerOptions options) {
    Path certificate = options.tlsCertificate().orElse(null);
    Path key = options.tlsKey().orElse(null);
    if (certificate == null || key == null) {
      return null;
    }
    try {
      SslContext context = read(certificate, key);
      if (CertificateKey.isOfAnother(certificate, key)) {
        throw new IllegalArgumentException("the key is that of another certificate");
      }
      return context;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read the PEM file " + e.getMessage() + ": does it exist, and may it be read?", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "TLS needs a certificate chain in "
              + certificate
              + " and its unencrypted PKCS#8 key in "
              + key
              + ", both PEM: "
              + e.getMessage(),
          e);
    }
  }

  private static SslContext read(Path certificate, Path key) throws IOException {
    try (InputStream chain = Files.newInputStream(certificate);
        InputStream secret = Files.newInputStream(key)) {
      return SslContextBuilder.forServer(chain, secret)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    }
  }
}
