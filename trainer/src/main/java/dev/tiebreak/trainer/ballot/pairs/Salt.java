package dev.tiebreak.trainer.ballot.pairs;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that ids, sides and order are drawn from. The plan of a study is public and so is this
 * program: had they a seed that stands in the plan, everybody could compute whose text is whose.
 * What is drawn is HMAC-SHA-256 under the salt, which nobody can tell from chance without it, and
 * which is the same again with it.
 */
public final class Salt {
  private static final int BYTES = 32;
  private static final int ID_DIGITS = 16;
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] secret;

  private Salt(byte[] secret) {
    this.secret = secret;
  }

  /** A new one, from the system's source of secrets. */
  public static Salt random() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return new Salt(secret);
  }

  /**
   * The salt of these digits.
   *
   * @param where it stands, for the message
   * @throws UserError if they are not 64 hexadecimal digits
   */
  public static Salt parse(String hex, String where) {
    if (!hex.matches("[0-9a-fA-F]{" + 2 * BYTES + "}")) {
      throw new UserError(
          Words.of("the salt in %s is not %d hexadecimal digits", where, 2 * BYTES));
    }
    return new Salt(HexFormat.of().parseHex(hex));
  }

  public String hex() {
    return HexFormat.of().formatHex(secret);
  }

  /**
   * 256 secret bits for one thing, as 64 hexadecimal digits.
   *
   * @param purpose which of its properties they are for
   * @param thing what it is, in words that no other thing has
   */
  public String draw(String purpose, String... thing) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      String message = purpose + '\0' + String.join("\0", thing);
      return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A name for a thing that says nothing about it. */
  public String id(String purpose, String... thing) {
    return draw(purpose, thing).substring(0, ID_DIGITS);
  }

  public boolean coin(String purpose, String... thing) {
    return draw(purpose, thing).charAt(0) < '8'; // half of the digits
  }
}
