package dev.millwright.data.profile;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How strongly features go together: numbers by Spearman's rho, texts by Cramér's V, each without its sign and times the share of the rows
 * with any of the two values that have both. A number and a text aren't compared.
 */
public final class FeatureAssociations {
    /** Of a text, the rarest values beyond so many count as one. */
    private static final int CLASSES = 100;

    private FeatureAssociations() {}

    /** From 0 to 1 for each two columns of the frame; 1 for a column and itself. */
    public static double[][] of(Frame frame) {
        List<FeatureColumn> columns = frame.columns();
        Codes[] codes = columns.stream().map(FeatureAssociations::codes).toArray(Codes[]::new);
        double[][] strengths = new double[codes.length][codes.length];
        for (int i = 0; i < codes.length; i++) {
            strengths[i][i] = 1;
            for (int j = i + 1; j < codes.length; j++) {
                boolean numbers = columns.get(i) instanceof FeatureColumn.Numeric;
                if (numbers == columns.get(j) instanceof FeatureColumn.Numeric) {
                    strengths[i][j] = strength(codes[i], codes[j], numbers);
                    strengths[j][i] = strengths[i][j];
                }
            }
        }
        return strengths;
    }

    private static double strength(Codes one, Codes other, boolean numbers) {
        double value = numbers
                ? Math.abs(Correlation.spearman(one, other))
                : Contingency.of(one, other).cramersV();
        return Double.isNaN(value) ? 0 : value * shared(one, other);
    }

    private static double shared(Codes one, Codes other) {
        int both = 0;
        int any = 0;
        for (int row = 0; row < one.rows(); row++) {
            boolean first = one.of()[row] != Codes.MISSING;
            boolean second = other.of()[row] != Codes.MISSING;
            both += first && second ? 1 : 0;
            any += first || second ? 1 : 0;
        }
        return any == 0 ? 0 : (double) both / any;
    }

    private static Codes codes(FeatureColumn column) {
        return switch (column) {
            case FeatureColumn.Numeric numeric ->
                Codes.of(IntStream.range(0, numeric.rows())
                        .mapToDouble(row -> numeric.values()[row])
                        .toArray());
            case FeatureColumn.Text text ->
                frequent(Codes.of(Arrays.stream(text.values())
                        .map(value -> value.isEmpty() ? null : value)
                        .toArray(String[]::new)));
        };
    }

    private static Codes frequent(Codes codes) {
        if (codes.size() <= CLASSES) {
            return codes;
        }
        int[] counts = new int[codes.size()];
        Arrays.stream(codes.of()).filter(code -> code != Codes.MISSING).forEach(code -> counts[code]++);
        int[] places = new int[codes.size()];
        Arrays.fill(places, CLASSES - 1);
        int[] order = IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.comparingInt(code -> -counts[code]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int place = 0; place < CLASSES - 1; place++) {
            places[order[place]] = place;
        }
        return new Codes(
                Arrays.stream(codes.of())
                        .map(code -> code == Codes.MISSING ? code : places[code])
                        .toArray(),
                CLASSES);
    }
}
