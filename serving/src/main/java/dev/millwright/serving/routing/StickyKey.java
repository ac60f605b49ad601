package dev.millwright.serving.routing;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What makes two requests the same client's, so that they get the same version. */
public sealed interface StickyKey {
    /** The request's own id. */
    StickyKey CLIENT_ID = new ClientId();

    /** As a pipeline file says it: {@code client_id}, {@code header x-user}, {@code column customer}. */
    String label();

    /** The id that the client gave the request. */
    record ClientId() implements StickyKey {
        @Override
        public String label() {
            return "client_id";
        }
    }

    /**
     * A header.
     *
     * @param name in lower case
     */
    record Header(String name) implements StickyKey {
        public Header {
            name = name.toLowerCase(Locale.ROOT);
        }

        @Override
        public String label() {
            return "header " + name;
        }
    }

    /** An input column; of several rows, the first row's value. */
    record Column(String name) implements StickyKey {
        @Override
        public String label() {
            return "column " + name;
        }

        /** The same for equal values, on every machine; 0 where the rows have no such column. */
        public long hash(@Nullable Frame rows) {
            FeatureColumn column = RequestCondition.find(rows, name);
            return switch (column) {
                case null -> 0;
                case FeatureColumn.Numeric(String _, float[] values) -> Float.floatToIntBits(values[0]);
                case FeatureColumn.Text(String _, String[] values) -> values[0].hashCode();
            };
        }
    }

    /**
     * Reads what {@link #label} writes.
     *
     * @throws InvalidInputException when it is no such key
     */
    static StickyKey parse(String text) {
        List<String> words = List.of(text.strip().split("\\s+", -1));
        String kind = words.getFirst();
        if (words.size() == 1 && kind.equals("client_id")) {
            return CLIENT_ID;
        }
        if (words.size() == 2 && kind.equals("header")) {
            return new Header(words.get(1));
        }
        if (words.size() == 2 && kind.equals("column")) {
            return new Column(words.get(1));
        }
        throw new InvalidInputException("sticky_by: " + Words.shortened(text)
                + " (expected: client_id, header NAME or column NAME)."
                + Words.suggestion(kind, List.of("client_id", "header", "column")));
    }
}
