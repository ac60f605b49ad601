package dev.millwright.serving.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.serving.rows.RequestColumns.Span;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Reads values that stand in JSON into rows; null is missing, and so is NaN. */
final class JsonRows {
    private final JsonParser parser;
    private final RowCollector rows;
    private final Place place;

    JsonRows(JsonParser parser, RowCollector rows, Place place) {
        this.parser = parser;
        this.rows = rows;
        this.place = place;
    }

    /** Where a value stands, for messages. */
    @FunctionalInterface
    interface Place {
        /**
         * As the sender would write it.
         *
         * @param column empty for the whole row
         */
        String of(int row, String column);

        /** {@code rows[3].age}. */
        static Place rowByRow(String what) {
            return (row, column) -> what + "[" + row + "]" + (column.isEmpty() ? "" : "." + column);
        }
    }

    /** The object that the parser is at: values by the names of their columns. */
    void readRecord() throws IOException {
        int row = rows.startRow();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Optional<Span> span = rows.columns().find(name);
            if (span.isPresent()) {
                rows.span(name, "");
                readValue(span.get(), row);
            } else {
                rows.span(name, place.of(row, "") + ".");
                parser.skipChildren();
            }
        }
    }

    /** The list that the parser is at, or its one value: all columns in their order. */
    void readPositions() throws IOException {
        readValue(rows.everything(), rows.startRow());
    }

    /** The value that the parser is at, or the nested lists, for as many columns as the span has. */
    void readValue(Span span, int row) throws IOException {
        int count = 0;
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            switch (token) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                default -> {
                    if (count < span.width()) {
                        readScalar(span.first() + count, row, token);
                    }
                    parser.skipChildren();
                    count++;
                }
            }
        } while (depth > 0 && parser.nextToken() != null);
        if (count != span.width()) {
            rows.complain(place.of(row, span.name()) + ": " + count + (count == 1 ? " value" : " values")
                    + " (expected: " + expected(span) + ")");
        }
    }

    private String expected(Span span) {
        return span.name().isEmpty() ? span.width() + ": " + rows.names() : Integer.toString(span.width());
    }

    private void readScalar(int column, int row, JsonToken token) throws IOException {
        switch (rows.type(column)) {
            case NUMBER -> readNumber(column, row, token);
            case TEXT -> readText(column, row, token);
        }
    }

    private void readNumber(int column, int row, JsonToken token) throws IOException {
        switch (token) {
            case VALUE_NULL -> rows.put(column, row, Float.NaN);
            case VALUE_TRUE -> rows.put(column, row, 1);
            case VALUE_FALSE -> rows.put(column, row, 0);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                float value = (float) parser.getDoubleValue();
                if (Float.isInfinite(value)) {
                    complain(column, row, token);
                } else {
                    rows.put(column, row, value);
                }
            }
            default -> complain(column, row, token);
        }
    }

    private void readText(int column, int row, JsonToken token) throws IOException {
        switch (token) {
            case VALUE_STRING -> rows.put(column, row, parser.getText());
            case VALUE_NULL -> rows.put(column, row, "");
            case VALUE_NUMBER_FLOAT -> {
                // What data frames of Python have for a missing text.
                if (parser.isNaN() && Double.isNaN(parser.getDoubleValue())) {
                    rows.put(column, row, "");
                } else {
                    complain(column, row, token);
                }
            }
            default -> complain(column, row, token);
        }
    }

    private void complain(int column, int row, JsonToken token) throws IOException {
        rows.complainOfValue(
                place.of(row, rows.name(column)),
                token.isScalarValue() ? parser.getText() : token.name().toLowerCase(Locale.ROOT),
                column);
    }
}
