package dev.millwright.serving.routing;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request must be like. Of several rows, all must be: one version answers them together. */
public sealed interface RequestCondition {
    /**
     * Whether a request is like that.
     *
     * @param rows null when the model takes tensors
     */
    boolean holds(ClientHeaders headers, @Nullable Frame rows);

    /** As {@link #parse} reads it. */
    String label();

    /** Whether it looks at rows. */
    boolean needsRows();

    /** The headers that it looks at, in lower case. */
    default Set<String> headers() {
        return Set.of();
    }

    /**
     * Reads {@code country = 'DE'}, {@code amount >= 1000}, {@code plan in ('a', 'b')}, {@code header x-tier = gold}, or several of
     * them with {@code and} between.
     *
     * @throws InvalidInputException saying where it is wrong
     */
    static RequestCondition parse(String text) {
        return new ConditionReader(text).read();
    }

    /** How a value is compared. */
    enum Comparison {
        EQUAL("="),
        OTHER("!="),
        BELOW("<"),
        AT_MOST("<="),
        ABOVE(">"),
        AT_LEAST(">=");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }

        boolean holds(float value, float bound) {
            return switch (this) {
                case EQUAL -> value == bound;
                case OTHER -> value != bound && !Float.isNaN(value);
                case BELOW -> value < bound;
                case AT_MOST -> value <= bound;
                case ABOVE -> value > bound;
                case AT_LEAST -> value >= bound;
            };
        }
    }

    /**
     * Compares a column of numbers; never true for a missing one.
     *
     * @param bound single precision, as the model sees the column
     */
    record NumberIs(String column, Comparison comparison, float bound) implements RequestCondition {
        @Override
        public boolean holds(ClientHeaders headers, @Nullable Frame rows) {
            if (!(find(rows, column) instanceof FeatureColumn.Numeric(String _, float[] values))) {
                return false;
            }
            for (float value : values) {
                if (!comparison.holds(value, bound)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String label() {
            String number = bound == Math.rint(bound) && Math.abs(bound) < 1e15
                    ? Long.toString((long) bound)
                    : Float.toString(bound);
            return column + " " + comparison.symbol() + " " + number;
        }

        @Override
        public boolean needsRows() {
            return true;
        }
    }

    /**
     * Whether a column of texts is, or is not, among some; an empty text is a missing one.
     *
     * @param wanted {@link Membership#IN} when it must be among them
     */
    record TextIs(String column, Membership wanted, Set<String> values) implements RequestCondition {
        public TextIs {
            values = Set.copyOf(values);
        }

        @Override
        public boolean holds(ClientHeaders headers, @Nullable Frame rows) {
            if (!(find(rows, column) instanceof FeatureColumn.Text(String _, String[] texts))) {
                return false;
            }
            for (String text : texts) {
                if (values.contains(text) != (wanted == Membership.IN)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String label() {
            return column + listed(wanted, values);
        }

        @Override
        public boolean needsRows() {
            return true;
        }
    }

    /**
     * Whether a header is, or is not, one of some texts; one that was not sent is none of them.
     *
     * @param name in lower case
     */
    record HeaderIs(String name, Membership wanted, Set<String> values) implements RequestCondition {
        public HeaderIs {
            values = Set.copyOf(values);
        }

        @Override
        public boolean holds(ClientHeaders headers, @Nullable Frame rows) {
            String sent = headers.find(name);
            return (sent != null && values.contains(sent)) == (wanted == Membership.IN);
        }

        @Override
        public String label() {
            return "header " + name + listed(wanted, values);
        }

        @Override
        public Set<String> headers() {
            return Set.of(name);
        }

        @Override
        public boolean needsRows() {
            return false;
        }
    }

    /** Whether a value must be among some, or must not. */
    enum Membership {
        IN,
        NOT_IN
    }

    /** All of them. */
    record Every(List<RequestCondition> parts) implements RequestCondition {
        public Every {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(ClientHeaders headers, @Nullable Frame rows) {
            for (RequestCondition part : parts) {
                if (!part.holds(headers, rows)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String label() {
            return parts.stream().map(RequestCondition::label).collect(Collectors.joining(" and "));
        }

        @Override
        public Set<String> headers() {
            return parts.stream().flatMap(part -> part.headers().stream()).collect(Collectors.toSet());
        }

        @Override
        public boolean needsRows() {
            for (RequestCondition part : parts) {
                if (part.needsRows()) {
                    return true;
                }
            }
            return false;
        }
    }

    private static String listed(Membership wanted, Set<String> values) {
        List<String> quoted = values.stream()
                .sorted()
                .map(value -> "'" + value.replace("'", "''") + "'")
                .toList();
        if (quoted.size() == 1) {
            return (wanted == Membership.IN ? " = " : " != ") + quoted.getFirst();
        }
        return (wanted == Membership.IN ? " in (" : " not in (") + String.join(", ", quoted) + ")";
    }

    /** The column of that name; null when there is none. */
    static @Nullable FeatureColumn find(@Nullable Frame rows, String name) {
        if (rows != null) {
            for (FeatureColumn column : rows.columns()) {
                if (column.name().equals(name)) {
                    return column;
                }
            }
        }
        return null;
    }
}
