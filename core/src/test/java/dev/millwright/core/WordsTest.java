package dev.millwright.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void suggestsTheNearestWord_whenTwoLettersAreSwapped() {
        assertThat(Words.suggestion("carreir", List.of("origin", "carrier", "dest")))
                .isEqualTo(" Did you mean 'carrier'?");
    }

    @Test
    void listsWhatIsKnown_whenNothingIsNear() {
        assertThat(Words.suggestion("zzzzzzzz", List.of("origin", "carrier"))).isEqualTo(" Known: carrier, origin.");
    }

    @Test
    void prefersTheSmallerDistance_thenTheAlphabet() {
        assertThat(Words.nearest("tain", List.of("train", "main", "tail"))).contains("main");
        assertThat(Words.distance("ca", "abc")).isEqualTo(3);
        assertThat(Words.distance("kitten", "sitting")).isEqualTo(3);
    }
}
