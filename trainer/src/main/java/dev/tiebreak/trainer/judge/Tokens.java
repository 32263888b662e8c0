package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The secret in a link: 144 random bits, 24 characters. Only its SHA-256 is kept. */
final class Tokens {
  private static final int BYTES = 18;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{24}");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private Tokens() {}

  static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return ENCODER.encodeToString(bytes);
  }

  /** The same for the same words; unguessable if one of them is. */
  static String derived(String... words) {
    MessageDigest digest = Sha256.digest();
    digest.update(String.join("\0", words).getBytes(StandardCharsets.UTF_8));
    byte[] bytes = new byte[BYTES];
    System.arraycopy(digest.digest(), 0, bytes, 0, BYTES);
    return ENCODER.encodeToString(bytes);
  }

  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  static String hash(String token) {
    return Sha256.of(token);
  }

  /** Compares in a time that says nothing about where they differ. */
  static boolean equal(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
