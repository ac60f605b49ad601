package dev.millwright.learn;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * From feature columns to what an algorithm sees, learnt on the training rows alone: first the slots of the numeric
 * columns, then one-hot slots, then words.
 *
 * @param ignored text columns that say nothing: one value only, or no value that repeats
 */
record Encoding(Numbers numbers, List<Categories> categories, List<Terms> texts, List<String> ignored) {
    private static final String TEXT_COLUMNS = "text_columns";
    private static final String MAX_CATEGORIES = "max_categories";
    private static final String RARE_CATEGORY_SHARE = "rare_category_share";
    private static final String MAX_TEXT_WORDS = "max_text_words";
    private static final String MIN_TEXT_ROWS = "min_text_rows";
    private static final String IMPUTE = "impute";

    Encoding {
        categories = List.copyOf(categories);
        texts = List.copyOf(texts);
        ignored = List.copyOf(ignored);
    }

    /** The parameters that steer {@link #raw}. */
    static List<ParameterSpec> parameters() {
        return List.of(
                ParameterSpec.columns(
                        TEXT_COLUMNS,
                        "Text columns to read word by word (TF-IDF); the others are categories. auto: those with three"
                                + " words or more on average, most of them different.",
                        "auto",
                        "none"),
                ParameterSpec.integer(
                        MAX_CATEGORIES, 64, 1, 10_000, "How many values of a category get a slot of their own."),
                ParameterSpec.number(
                        RARE_CATEGORY_SHARE,
                        0.001,
                        0,
                        1,
                        "A value in a smaller share of the training rows, or in one row only, counts as rare."),
                ParameterSpec.integer(MAX_TEXT_WORDS, 10_000, 1, 100_000, "How many words of a text column are kept."),
                ParameterSpec.integer(
                        MIN_TEXT_ROWS, 2, 1, 1_000_000, "A word in fewer training rows than this is left out."));
    }

    /** The further parameter that steers {@link #standardised}. */
    static ParameterSpec impute() {
        return ParameterSpec.choice(IMPUTE, "What a missing number becomes.", "median", "mean");
    }

    /** For trees: numbers pass as they are, missing ones as NaN. */
    static Encoding raw(TrainingData data, Parameters parameters) {
        return fit(data, parameters, Numbers.raw(names(data.inputs(), InputType.NUMBER)));
    }

    /** For linear models: numbers are imputed and standardised. */
    static Encoding standardised(TrainingData data, Parameters parameters) {
        boolean median = parameters.choice(IMPUTE).equals("median");
        return fit(
                data, parameters, Numbers.standardised(names(data.inputs(), InputType.NUMBER), data.train(), median));
    }

    private static Encoding fit(TrainingData data, Parameters parameters, Numbers numbers) {
        int rows = data.train().rows();
        int least = (int) Math.max(2, Math.ceil(parameters.number(RARE_CATEGORY_SHARE) * rows));
        List<String> textColumns = textColumns(data, parameters.columns(TEXT_COLUMNS));
        List<Categories> categories = new ArrayList<>();
        List<Terms> texts = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        for (String column : names(data.inputs(), InputType.TEXT)) {
            String[] values = values(data.train(), column);
            if (textColumns.contains(column)) {
                Terms terms = Terms.fit(
                        column, values, parameters.integer(MAX_TEXT_WORDS), parameters.integer(MIN_TEXT_ROWS));
                if (terms.words().isEmpty()) {
                    ignored.add(column);
                } else {
                    texts.add(terms);
                }
                continue;
            }
            Categories fitted = Categories.fit(column, values, parameters.integer(MAX_CATEGORIES), least);
            if (fitted.isConstant()) {
                ignored.add(column);
            } else {
                categories.add(fitted);
            }
        }
        return new Encoding(numbers, categories, texts, ignored).requireSlots();
    }

    private Encoding requireSlots() {
        if (width() == 0) {
            throw new InvalidInputException("inputs: " + String.join(", ", ignored)
                    + " (expected: at least one column that tells rows apart). Each of these has one value, or none"
                    + " that repeats.");
        }
        return this;
    }

    private static List<String> textColumns(TrainingData data, Object chosen) {
        List<String> candidates = names(data.inputs(), InputType.TEXT);
        if (chosen instanceof List<?> names) {
            List<Problem> problems = new ArrayList<>();
            List<String> declared = names.stream().map(String::valueOf).toList();
            for (String name : declared) {
                if (!candidates.contains(name)) {
                    problems.add(Problem.of(TEXT_COLUMNS + ": " + name + " (expected: text columns of the model)."
                            + Words.suggestion(name, candidates)));
                }
            }
            if (!problems.isEmpty()) {
                throw new InvalidInputException(problems);
            }
            return declared;
        }
        return chosen.equals("none")
                ? List.of()
                : candidates.stream()
                        .filter(name -> Terms.looksLikeText(values(data.train(), name)))
                        .toList();
    }

    int width() {
        return numbers.width()
                + categories.stream().mapToInt(Categories::width).sum()
                + texts.stream().mapToInt(terms -> terms.words().size()).sum();
    }

    /** The input column that each slot comes from. */
    List<String> owners() {
        List<String> owners = new ArrayList<>(numbers.owners());
        categories.forEach(category -> owners.addAll(category.owners()));
        texts.forEach(terms -> owners.addAll(terms.owners()));
        return owners;
    }

    /** Encodes rows; columns are found by name. */
    Features apply(Frame frame) {
        List<int[]> codes = categories.stream()
                .map(category -> category.apply(values(frame, category.column())))
                .toList();
        List<List<SortedMap<Integer, Float>>> words = texts.stream()
                .map(terms -> terms.apply(values(frame, terms.column())))
                .toList();
        int[] rowStart = new int[frame.rows() + 1];
        for (int row = 0; row < frame.rows(); row++) {
            int entries = 0;
            for (int[] code : codes) {
                entries += code[row] < 0 ? 0 : 1;
            }
            for (List<SortedMap<Integer, Float>> text : words) {
                entries += text.get(row).size();
            }
            rowStart[row + 1] = Math.addExact(rowStart[row], entries);
        }
        int[] slots = new int[rowStart[frame.rows()]];
        float[] values = new float[slots.length];
        for (int row = 0; row < frame.rows(); row++) {
            fill(row, rowStart[row], codes, words, slots, values);
        }
        return new Features(frame.rows(), numbers.width(), width(), numbers.apply(frame), rowStart, slots, values);
    }

    private void fill(
            int row,
            int start,
            List<int[]> codes,
            List<List<SortedMap<Integer, Float>>> words,
            int[] slots,
            float[] values) {
        int entry = start;
        int offset = numbers.width();
        for (int i = 0; i < codes.size(); i++) {
            int code = codes.get(i)[row];
            if (code >= 0) {
                slots[entry] = offset + code;
                values[entry++] = 1;
            }
            offset += categories.get(i).width();
        }
        for (int i = 0; i < words.size(); i++) {
            for (Map.Entry<Integer, Float> word : words.get(i).get(row).entrySet()) {
                slots[entry] = offset + word.getKey();
                values[entry++] = word.getValue();
            }
            offset += texts.get(i).words().size();
        }
    }

    /** What became of the columns, as a person reads it. */
    String describe() {
        List<String> parts = new ArrayList<>();
        if (!numbers.columns().isEmpty()) {
            parts.add(numbers.columns().size() + " numeric");
        }
        if (!categories.isEmpty()) {
            parts.add(categories.size() + " categorical in "
                    + categories.stream().mapToInt(Categories::width).sum() + " slots");
        }
        for (Terms terms : texts) {
            parts.add("text " + terms.column() + " in " + terms.words().size() + " words");
        }
        if (!ignored.isEmpty()) {
            parts.add("ignored " + String.join(", ", ignored) + " (one value, or none that repeats)");
        }
        return String.join("; ", parts);
    }

    private static List<String> names(List<Input> inputs, InputType type) {
        return inputs.stream()
                .filter(input -> input.type() == type)
                .map(Input::name)
                .toList();
    }

    private static String[] values(Frame frame, String name) {
        return switch (frame.column(name)) {
            case FeatureColumn.Text text -> text.values();
            case FeatureColumn.Numeric _ ->
                throw new IllegalArgumentException(name + ": a numeric column (expected: a text one)");
        };
    }
}
