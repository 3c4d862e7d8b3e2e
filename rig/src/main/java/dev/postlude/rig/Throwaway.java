package dev.postlude.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of the address 127.0.0.1, and of no name, that its own key has signed: made by the
 * JDK's {@code keytool}, and gone with the tests.
 *
 * @param certificate a PEM file
 * @param key a PEM file, PKCS#8
 * @param trust trusts this certificate and no other
 */
public record Throwaway(Path certificate, Path key, SSLContext trust) {
  private static final char[] PASSWORD = "no secret".toCharArray();
  private static Throwaway shared;

  /** The one of this JVM, made when first needed. */
  public static synchronized Throwaway shared() throws Exception {
    if (shared == null) {
      shared = make();
    }
    return shared;
  }

  private static Throwaway make() throws Exception {
    Path folder = Programs.folder("tls");
    Path store = folder.resolve("store.p12");
    keytool(store);
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      made.load(in, PASSWORD);
    }
    Certificate certificate = made.getCertificate("self");
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("self", certificate);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext trust = SSLContext.getInstance("TLS");
    trust.init(null, managers.getTrustManagers(), null);
    return new Throwaway(
        pem(folder.resolve("certificate.pem"), "CERTIFICATE", certificate.getEncoded()),
        pem(folder.resolve("key.pem"), "PRIVATE KEY", made.getKey("self", PASSWORD).getEncoded()),
        trust);
  }

  private static void keytool(Path store) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "self",
                    "-keyalg",
                    "RSA",
                    "-keysize",
                    "2048",
                    "-dname",
                    "CN=Postlude test",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD),
                    "-keystore",
                    store.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool made no certificate: " + said);
    }
  }

  private static Path pem(Path file, String type, byte[] bytes) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
  }
}
