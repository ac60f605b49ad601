package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TermsTest {
    @Test
    void splitsAtSpacesOnly() {
        assertThat(Terms.split(" Hello  WORLD\tx\u00a0y ")).containsExactly("Hello", "WORLD\tx\u00a0y");
        assertThat(Terms.split("")).isEmpty();
    }

    @Test
    void readsAColumnOfSentencesAsText_andNoOther() {
        assertThat(Terms.looksLikeText(new String[] {"call me later", "where are you now", ""}))
                .isTrue();
        assertThat(Terms.looksLikeText(new String[] {"Bern", "Basel", "Chur"})).isFalse();
        assertThat(Terms.looksLikeText(new String[] {"bank transfer (automatic)", "bank transfer (automatic)"}))
                .isFalse();
        assertThat(Terms.looksLikeText(new String[] {"", ""})).isFalse();
    }

    @Test
    void takesAllSpellingsOfAWordForOne() {
        Terms terms = Terms.fit("note", new String[] {"free fReE", "FREE straße"}, 10, 2);

        assertThat(terms.words()).containsExactly("free");
        assertThat(terms.spellings().keySet()).containsExactly("FREE", "Free", "fReE", "free");
        assertThat(terms.apply(new String[] {"Free x", "x"}))
                .extracting(row -> List.copyOf(row.values()))
                .containsExactly(List.of(1f), List.of());
    }

    @Test
    void keepsTheMostFrequentWords_andNoEmoji() {
        String[] texts = {"a b \ud83d\ude00", "a b \ud83d\ude00", "a c \u0001", "c a\u0000 \u0001"};

        assertThat(Terms.fit("note", texts, 10, 2).words()).containsExactly("a", "b", "c");
        assertThat(Terms.fit("note", texts, 2, 2).words()).containsExactly("a", "b");
    }
}
