package dev.postlude.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate's private key, or another one: with another one, as after half of a renewal, a
 * server starts all the same and no handshake with it succeeds.
 */
final class CertificateKey {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private CertificateKey() {}

  /**
   * Tells whether a key is surely not that of a chain's first certificate. False for what is
   * neither RSA nor of an elliptic curve, and for files that cannot be understood here.
   */
  static boolean isOfAnother(Path certificate, Path key) throws IOException {
    Matcher pem = PKCS8.matcher(Files.readString(key, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      return false;
    }
    byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
    try (InputStream in = Files.newInputStream(certificate)) {
      PublicKey known =
          CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
      String family = known.getAlgorithm();
      if (!family.equals("RSA") && !family.equals("EC")) {
        return false;
      }
      PrivateKey secret =
          KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return !signs(secret, known, family.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
    } catch (InvalidKeySpecException | SignatureException e) {
      return true; // a key of another family, or of another length
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean signs(PrivateKey secret, PublicKey known, String algorithm)
      throws GeneralSecurityException {
    byte[] anything = "postlude".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(secret);
    signature.update(anything);
    byte[] signed = signature.sign();
    signature.initVerify(known);
    signature.update(anything);
    return signature.verify(signed);
  }
}
