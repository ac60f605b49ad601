package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DelimitedTextTest {
    @Test
    void quotesAndBreaks_areReadByTheRules() {
        assertThat(DelimitedText.rows("a,b\r\n\"x\ny\",\"\"\n\n,\n", ",", 10))
                .containsExactly(List.of("a", "b"), List.of("x\ny", ""), List.of("", ""));
        assertThat(DelimitedText.rows("a\tb\nc\td", "\t", 1)).containsExactly(List.of("a", "b"));
    }

    @Test
    void whatBreaksTheRules_isOneCell_andCostsNoOtherRow() {
        assertThat(DelimitedText.rows("a,b\n\"open,1\n2,3\n", ",", 10))
                .containsExactly(List.of("a", "b"), List.of("\"open,1"), List.of("2", "3"));
    }
}
