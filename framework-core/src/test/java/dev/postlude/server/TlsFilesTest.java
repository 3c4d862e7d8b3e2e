package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postlude.wire.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of PEM files that are not what they should be. */
class TlsFilesTest {
  @TempDir private static Path folder;
  private static SelfSigned self;

  @BeforeAll
  static void certificate() throws Exception {
    self = SelfSigned.in(folder);
  }

  private static ServerOptions with(Path certificate, Path key) {
    return ServerOptions.onPort(0).tls(certificate, key);
  }

  private static Path key(String family, String type) throws Exception {
    byte[] key = KeyPairGenerator.getInstance(family).generateKeyPair().getPrivate().getEncoded();
    String text = Base64.getMimeEncoder().encodeToString(key);
    return Files.writeString(
        folder.resolve(family + ".pem"),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }

  private static void isRefused(Path certificate, Path key, String why) {
    assertThatThrownBy(() -> Tls.context(with(certificate, key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "TLS needs a certificate chain in %s and its unencrypted PKCS#8 key in %s, both PEM: %s"
                .formatted(certificate, key, why));
  }

  @Test
  void aPairIsTaken() {
    assertThat(Tls.context(with(self.certificate(), self.key()))).isNotNull();
  }

  @Test
  void aKeyOfTheSameFamilyThatIsAnothersIsRefused() throws Exception {
    isRefused(
        self.certificate(), key("EC", "PRIVATE KEY"), "the key is that of another certificate");
  }

  @Test
  void aKeyOfAnotherFamilyIsRefused() throws Exception {
    isRefused(
        self.certificate(), key("RSA", "PRIVATE KEY"), "the key is that of another certificate");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.pem");

    assertThatThrownBy(() -> Tls.context(with(self.certificate(), missing)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot read the PEM file " + missing + ": does it exist, and may it be read?");
  }
}
