package dev.millwright.data;

import java.util.Collection;
import java.util.Set;

/** What stands for a missing value in the cells of a text file: nothing, blanks, and the words of the source. */
final class MissingWords {
    private final Set<String> words;

    MissingWords(Collection<String> words) {
        this.words = Set.copyOf(words);
    }

    boolean contains(String cell) {
        String word = cell.strip();
        return word.isEmpty() || words.contains(word);
    }
}
