package dev.postlude.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDispositionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "report.pdf            | filename=\"report.pdf\"",
        "annual report (1).pdf | filename=\"annual report (1).pdf\"",
        "n\u00e4me.pdf         | filename=\"name.pdf\"; filename*=UTF-8''n%C3%A4me.pdf",
        "\u20ac rates.txt      | filename=\"_ rates.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt",
        "\ud83d\ude00.png      | filename=\"_.png\"; filename*=UTF-8''%F0%9F%98%80.png",
        "a\"b.txt              | filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt",
        "100%25.txt            | filename=\"100_25.txt\"; filename*=UTF-8''100%2525.txt",
        "it's.txt              | filename=\"it's.txt\"",
        "../../etc/passwd      | filename=\".._.._etc_passwd\"",
        "C:\\dir\\a.txt        | filename=\"C:_dir_a.txt\"",
        "``                    | filename=\"\"",
      })
  void anyNameCanBeSent(String filename, String parameters) {
    assertThat(ContentDisposition.attachment(filename)).isEqualTo("attachment; " + parameters);
  }

  @Test
  void aNameCannotEndTheField() {
    assertThat(ContentDisposition.attachment("a\r\nSet-Cookie: b=c"))
        .isEqualTo("attachment; filename=\"a__Set-Cookie: b=c\"");
  }

  @Test
  void contentMayBeShownInstead() {
    assertThat(ContentDisposition.inline("a.pdf")).isEqualTo("inline; filename=\"a.pdf\"");
  }

  @Test
  void whatIsSentCanBeAHeaderField() {
    assertThat(
            Headers.of("Content-Disposition", ContentDisposition.inline("\u4f60\u597d.txt")).size())
        .isEqualTo(1);
  }
}
