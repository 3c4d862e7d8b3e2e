package dev.postlude.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for this machine that nobody vouches for, made by the JDK's keytool: for trying
 * things out, never for the open internet.
 *
 * @param certificate a PEM file, deleted when the process ends
 * @param key a PEM file that only this user can read, deleted when the process ends
 */
record SelfSigned(Path certificate, Path key) {
  private static final char[] PASSWORD = "not-a-secret".toCharArray();

  static SelfSigned make() {
    try {
      Path folder = Files.createTempDirectory("postlude-tls-"); // for this user only
      folder.toFile().deleteOnExit();
      Path store = folder.resolve("store.p12");
      keytool(store);
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
      Files.delete(store);
      return new SelfSigned(
          pem(folder, "CERTIFICATE", keys.getCertificate("demo").getEncoded()),
          pem(folder, "PRIVATE KEY", keys.getKey("demo", PASSWORD).getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot make a certificate", e);
    }
  }

  private static void keytool(Path store) throws IOException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String command =
        "-genkeypair -alias demo -keyalg EC -groupname secp256r1 -validity 7 -dname CN=localhost"
            + " -ext san=dns:localhost,ip:127.0.0.1 -storetype PKCS12 -keystore";
    ProcessBuilder keytool = new ProcessBuilder(tool);
    keytool.command().addAll(List.of(command.split(" ", -1)));
    keytool.command().addAll(List.of(store.toString(), "-storepass", new String(PASSWORD)));
    keytool.redirectErrorStream(true);
    String said =
        new String(keytool.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(store)) {
      throw new IOException("keytool made no key: " + said);
    }
  }

  private static Path pem(Path folder, String type, byte[] encoded) throws IOException {
    Path file = folder.resolve(type.replace(' ', '-') + ".pem");
    file.toFile().deleteOnExit();
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
  }
}
