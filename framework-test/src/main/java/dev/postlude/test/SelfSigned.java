package dev.postlude.test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for the loopback address that its own key has signed, valid for a day, and a
 * client's trust in it alone: RFC 5280.
 *
 * <p>Written by hand in DER, since the JDK makes certificates with a program of its own only, and
 * the libraries that do it are larger than all of this.
 *
 * @param certificate what clients trust
 * @param key its key, PKCS#8
 * @param trust what a client uses that trusts this certificate and no other
 */
record SelfSigned(Certificate certificate, byte[] key, SSLContext trust) {
  private static final Duration SLACK = Duration.ofDays(1);
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final byte[] ECDSA_WITH_SHA256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
  private static final byte[] COMMON_NAME = oid(0x55, 4, 3);
  private static final byte[] ALTERNATIVE_NAMES = oid(0x55, 0x1d, 17);

  /** Makes one, which takes a few milliseconds. */
  static SelfSigned make() {
    try {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = pairs.generateKeyPair();
      Certificate certificate = certificate(pair);
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("self", certificate);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext trust = SSLContext.getInstance("TLS");
      trust.init(null, managers.getTrustManagers(), null);
      return new SelfSigned(certificate, pair.getPrivate().getEncoded(), trust);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This JDK makes no certificates.", e);
    }
  }

  private static Certificate certificate(KeyPair pair) throws GeneralSecurityException {
    Instant now = Instant.now();
    byte[] algorithm = sequence(ECDSA_WITH_SHA256);
    byte[] name =
        sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, ascii("Postlude test, no secret")))));
    byte[] names =
        sequence(
            der(0x82, ascii("localhost")),
            der(0x87, new byte[] {127, 0, 0, 1}),
            der(0x87, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
    byte[] toSign =
        sequence(
            der(0xa0, der(0x02, new byte[] {2})), // version 3
            der(0x02, BigInteger.valueOf(now.toEpochMilli()).toByteArray()),
            algorithm,
            name,
            sequence(
                der(0x17, ascii(UTC_TIME.format(now.minus(SLACK)))),
                der(0x17, ascii(UTC_TIME.format(now.plus(SLACK))))),
            name,
            pair.getPublic().getEncoded(),
            der(0xa3, sequence(sequence(ALTERNATIVE_NAMES, der(0x04, names)))));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(toSign);
    byte[] whole = sequence(toSign, algorithm, der(0x03, new byte[1], signature.sign()));
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(whole));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] oid(int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return der(0x06, content);
  }

  private static byte[] sequence(byte[]... elements) {
    return der(0x30, elements);
  }

  private static byte[] der(int tag, byte[]... content) {
    int length = 0;
    for (byte[] each : content) {
      length += each.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length > 0xff) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 0x7f) {
      out.write(0x81);
    }
    out.write(length);
    for (byte[] each : content) {
      out.writeBytes(each);
    }
    return out.toByteArray();
  }

  /** Calls a function with certificate and key in PEM files, which are gone afterwards. */
  <T> T inFiles(BiFunction<Path, Path, T> reader) {
    try {
      Path folder = Files.createTempDirectory("postlude-test-"); // for this user only
      Path first = folder.resolve("certificate.pem");
      Path second = folder.resolve("key.pem");
      try {
        Files.writeString(first, pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(second, pem("PRIVATE KEY", key));
        return reader.apply(first, second);
      } finally {
        Files.deleteIfExists(first);
        Files.deleteIfExists(second);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The certificate could not be written.", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The certificate cannot be encoded.", e);
    }
  }

  private static String pem(String type, byte[] encoded) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
