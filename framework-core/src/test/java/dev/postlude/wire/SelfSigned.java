package dev.postlude.wire;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for the loopback interface, made by the JDK's keytool, and a client's trust in it.
 *
 * @param certificate the PEM file of the certificate
 * @param key the PEM file of its private key
 * @param client what a client uses that trusts this certificate alone
 */
public record SelfSigned(Path certificate, Path key, SSLContext client) {
  private static final String PASSWORD = "changeit";

  /** Makes one with its files in a directory. */
  public static SelfSigned in(Path directory) throws Exception {
    Path file = directory.resolve("self.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "self",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool failed: " + said);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("self", store.getCertificate("self"));
    trust.init(trusted);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, trust.getTrustManagers(), null);
    byte[] key = store.getKey("self", PASSWORD.toCharArray()).getEncoded();
    return new SelfSigned(
        pem(directory, "CERTIFICATE", store.getCertificate("self").getEncoded()),
        pem(directory, "PRIVATE KEY", key),
        client);
  }

  private static Path pem(Path directory, String what, byte[] bytes) throws Exception {
    String text =
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n";
    return Files.writeString(directory.resolve(what.replace(' ', '-') + ".pem"), text);
  }
}
