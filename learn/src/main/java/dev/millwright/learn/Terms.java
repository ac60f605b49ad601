package dev.millwright.learn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * TF-IDF of the words of one text column: count × idf, then each row scaled to Euclidean length 1; idf is scikit-learn's
 * smooth one, ln((1 + rows) / (1 + rows with the word)) + 1 (Salton and Buckley, "Term-weighting approaches in automatic
 * text retrieval", 1988).
 *
 * <p>Words are what lies between spaces (U+0020 only, as ONNX's StringSplit has it). Upper and lower case are one word, by way
 * of a list of spellings: those seen in training, and the word in lower case, capitalised and in capitals. ONNX's own
 * operator for lower case needs a locale of the machine and fails on text that ONNX Runtime's Java interface garbles.
 *
 * <p>An idf is rounded to a multiple of 2⁻¹⁶: then count × idf and the sum of its squares are exact in float32 and float64,
 * and so equal in every runtime, whatever order it adds in. A tree may split right at such a value.
 *
 * @param words in lower case, in natural order
 * @param idf of each word
 * @param spellings the position of the word that each means
 */
record Terms(String column, List<String> words, float[] idf, SortedMap<String, Integer> spellings) {
    /** Added to every text inside the graph, so that none has zero words, which its operators may refuse. */
    static final String SENTINEL = "\u0001";

    private static final double STEP = 1 << 16;

    Terms {
        words = List.copyOf(words);
    }

    /**
     * Learns the vocabulary.
     *
     * @param most at most so many words, those in the most rows
     * @param least a word in fewer rows is left out
     */
    static Terms fit(String column, String[] texts, int most, int least) {
        Map<String, Integer> rowsWith = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (String text : texts) {
            Set<String> distinct = new HashSet<>();
            for (String word : split(text)) {
                if (PortableText.isPortable(word) && !word.equals(SENTINEL)) {
                    seen.add(word);
                    distinct.add(lowerCase(word));
                }
            }
            distinct.forEach(word -> rowsWith.merge(word, 1, Integer::sum));
        }
        List<String> words = rowsWith.entrySet().stream()
                .filter(entry -> entry.getValue() >= least)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        float[] idf = new float[words.size()];
        for (int i = 0; i < idf.length; i++) {
            double exact = Math.log((1.0 + texts.length) / (1.0 + rowsWith.getOrDefault(words.get(i), 0))) + 1;
            idf[i] = (float) (Math.rint(exact * STEP) / STEP);
        }
        return new Terms(column, words, idf, spellings(words, seen));
    }

    private static SortedMap<String, Integer> spellings(List<String> words, Set<String> seen) {
        Map<String, Integer> positions = new HashMap<>();
        words.forEach(word -> positions.put(word, positions.size()));
        Set<String> candidates = new HashSet<>(seen);
        for (String word : words) {
            candidates.add(word);
            candidates.add(word.toUpperCase(Locale.ROOT));
            candidates.add(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        SortedMap<String, Integer> spellings = new TreeMap<>();
        for (String candidate : candidates) {
            Integer position = positions.get(lowerCase(candidate));
            if (position != null) {
                spellings.put(candidate, position);
            }
        }
        return spellings;
    }

    /** Whether a column reads like sentences: three words or more on average, and most texts different. */
    static boolean looksLikeText(String[] values) {
        Set<String> distinct = new HashSet<>();
        long words = 0;
        int present = 0;
        for (String value : values) {
            if (!value.isEmpty()) {
                present++;
                distinct.add(value);
                words += split(value).size();
            }
        }
        return present > 0 && words >= 3L * present && distinct.size() * 2L > present;
    }

    /** Per row, the weight of each of its known words, by the word's position. */
    List<SortedMap<Integer, Float>> apply(String[] texts) {
        Map<String, Integer> positions = new HashMap<>(spellings);
        List<SortedMap<Integer, Float>> rows = new ArrayList<>(texts.length);
        for (String text : texts) {
            TreeMap<Integer, Float> row = new TreeMap<>();
            for (String word : split(text)) {
                Integer position = positions.get(word);
                if (position != null) {
                    row.merge(position, 1f, Float::sum);
                }
            }
            row.replaceAll((position, count) -> count * idf[position]);
            normalise(row);
            rows.add(row);
        }
        return rows;
    }

    private static void normalise(TreeMap<Integer, Float> row) {
        double squares = 0;
        for (double weight : row.values()) {
            squares += weight * weight;
        }
        double length = Math.sqrt(squares);
        row.replaceAll((position, weight) -> (float) (weight / length));
    }

    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = text.indexOf(' ', from);
            to = to < 0 ? text.length() : to;
            if (to > from) {
                words.add(text.substring(from, to));
            }
            from = to + 1;
        }
        return words;
    }

    private static String lowerCase(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    List<String> owners() {
        return words.stream().map(word -> column).toList();
    }
}
