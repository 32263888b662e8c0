package dev.tiebreak.trainer.ballot.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaltTest {
  private static final String DIGITS = "00ff".repeat(16);

  @Test
  void equalDigitsDrawEqually() {
    Salt salt = Salt.parse(DIGITS, "a test");
    assertThat(salt.hex()).isEqualTo(DIGITS);
    assertThat(salt.draw("order", "a"))
        .isEqualTo(Salt.parse(DIGITS.toUpperCase(Locale.ROOT), "a test").draw("order", "a"))
        .matches("[0-9a-f]{64}");
    assertThat(salt.id("order", "a")).hasSize(16);
  }

  /** From: printf 'order\0a' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00ff00ff... */
  @Test
  void whatIsDrawnIsTheUsualHmac() {
    assertThat(Salt.parse(DIGITS, "a test").draw("order", "a"))
        .isEqualTo("82e7ba066e7a55683c2b270e017ead95f1edaf35bc5c75fd27e8e485bd134971");
  }

  @Test
  void purposesThingsAndSaltsAreKeptApart() {
    Salt salt = Salt.parse(DIGITS, "a test");
    assertThat(salt.draw("pair", "ab", "c"))
        .isNotEqualTo(salt.draw("pair", "a", "bc"))
        .isNotEqualTo(salt.draw("order", "ab", "c"))
        .isNotEqualTo(Salt.parse("01ff" + DIGITS.substring(4), "a test").draw("pair", "ab", "c"));
    assertThat(Salt.random().hex()).isNotEqualTo(Salt.random().hex());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "zz", "no salt"})
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> Salt.parse(text, "key.jsonl"))
        .isInstanceOf(UserError.class)
        .hasMessage("the salt in key.jsonl is not 64 hexadecimal digits");
  }
}
