package dev.postlude.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class AttributesTest {
  private static final Key<String> USER = Key.of("user");
  private static final Key<Integer> TENANT = Key.of("tenant");

  @Test
  void aValueIsFoundByItsKey() {
    Attributes attributes = Attributes.empty().with(USER, "ada").with(TENANT, 7);
    assertThat(attributes.get(USER)).isEqualTo("ada");
    assertThat(attributes.find(TENANT)).contains(7);
    assertThat(attributes.isEmpty()).isFalse();
  }

  @Test
  void withMakesACopy() {
    Attributes ada = Attributes.empty().with(USER, "ada");
    Attributes bob = ada.with(USER, "bob");
    assertThat(Attributes.empty().isEmpty()).isTrue();
    assertThat(ada.get(USER)).isEqualTo("ada");
    assertThat(bob.get(USER)).isEqualTo("bob");
    assertThat(bob).hasToString("[user]");
  }

  @Test
  void keysOfOneNameAreStrangers() {
    Attributes attributes = Attributes.empty().with(USER, "ada");
    assertThat(attributes.find(Key.of("user"))).isEmpty();
    assertThat(Key.of("user")).isNotEqualTo(USER).hasToString("Key[user]");
    assertThat(USER.name()).isEqualTo("user");
  }

  @Test
  void aMissingValueIsMissedWithASentence() {
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> Attributes.empty().with(USER, "secret").get(TENANT))
        .withMessageContaining("Key[tenant]")
        .withMessageContaining("only [user]")
        .withMessageNotContaining("secret");
  }

  @Test
  @SuppressWarnings("NullAway") // what people without a checker may do
  void whatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Key.of(" "));
    assertThatNullPointerException().isThrownBy(() -> Key.of(null));
    assertThatNullPointerException()
        .isThrownBy(() -> Attributes.empty().with(USER, null))
        .withMessageContaining("leave the attribute out");
    assertThatNullPointerException().isThrownBy(() -> Attributes.empty().with(null, "x"));
    assertThatNullPointerException().isThrownBy(() -> Attributes.empty().find(null));
  }
}
