package dev.millwright.serving.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.serving.rows.JsonRows.Place;
import dev.millwright.serving.rows.RequestColumns.Span;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one request as MLflow's clients send it, in any of its forms. For one request. */
final class ScoringReader {
    private static final String SPLIT = "dataframe_split";
    private static final String RECORDS = "dataframe_records";
    private static final String INSTANCES = "instances";
    private static final String INPUTS = "inputs";
    private static final String PARAMS = "params";
    private static final List<String> FORMS = List.of(SPLIT, RECORDS, INSTANCES, INPUTS);
    private static final List<String> KEYS = List.of(SPLIT, RECORDS, INSTANCES, INPUTS, PARAMS);

    private final JsonParser parser;
    private final RowCollector rows;
    private @Nullable String form;

    ScoringReader(JsonParser parser, RequestColumns columns) {
        this.parser = parser;
        this.rows = new RowCollector(columns);
    }

    Frame read() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidInputException("body: not an object (expected: {\"" + RECORDS + "\": [{\""
                    + rows.columns().signature().inputNames().getFirst() + "\": …}, …]}, or another of "
                    + String.join(", ", FORMS) + ")");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (FORMS.contains(key)) {
                readForm(key, token);
            } else if (key.equals(PARAMS)) {
                readParams(token);
            } else {
                String shown = RowCollector.shortened(key);
                rows.complain(shown + ": unknown (expected: one of " + String.join(", ", KEYS) + ")."
                        + Words.nearest(shown, KEYS)
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""));
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            rows.complain("body: more after its end (expected: one object)");
        }
        if (form == null) {
            rows.complain("body: no rows (expected: one of " + String.join(", ", FORMS) + ")");
            throw rows.refusal();
        }
        return rows.finish(form, RowCollector.Remedy.KEYS);
    }

    private void readForm(String key, JsonToken token) throws IOException {
        if (form != null) {
            rows.complain(key + ": beside " + form + " (expected: rows in one form only)");
            parser.skipChildren();
            return;
        }
        form = key;
        switch (key) {
            case SPLIT -> readSplit(token);
            case RECORDS -> readList(token, key, "a list of objects");
            case INSTANCES -> readList(token, key, "a list of objects, or of lists");
            default -> {
                if (token == JsonToken.START_OBJECT) {
                    readColumns();
                } else {
                    readList(token, key, "an object with a list for each column, or a list of rows");
                }
            }
        }
    }

    /** Models here have nothing that could be set from outside; nobody is to believe that they had. */
    private void readParams(JsonToken token) throws IOException {
        boolean none = token == JsonToken.VALUE_NULL;
        if (token == JsonToken.START_OBJECT) {
            JsonToken next = parser.nextToken();
            none = next == JsonToken.END_OBJECT;
            while (next == JsonToken.FIELD_NAME) {
                rows.complain(PARAMS + "." + RowCollector.shortened(parser.currentName())
                        + ": unknown (expected: none, for the model takes no parameters). Leave it out.");
                parser.nextToken();
                parser.skipChildren();
                next = parser.nextToken();
            }
        } else if (!none) {
            rows.complain(PARAMS + ": not an object (expected: {}, for the model takes no parameters)");
            parser.skipChildren();
        }
    }

    /** Rows one after the other: objects, or values by position. */
    private void readList(JsonToken token, String what, String expected) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            rows.complain(what + ": not a list (expected: " + expected + ")");
            parser.skipChildren();
            return;
        }
        JsonRows reader = new JsonRows(parser, rows, Place.rowByRow(what));
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
            if (next == JsonToken.START_OBJECT) {
                reader.readRecord();
            } else if (what.equals(RECORDS)) {
                throw new InvalidInputException(what + ": not objects (expected: " + expected + "). Send lists as "
                        + INSTANCES + " or " + INPUTS + ".");
            } else {
                reader.readPositions();
            }
        }
    }

    /** Columns one after the other, each with a list of its values, or with the one value of the one row. */
    private void readColumns() throws IOException {
        JsonRows reader = new JsonRows(parser, rows, (row, column) -> INPUTS + "." + column + "[" + row + "]");
        int expected = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            Optional<Span> known = rows.columns().find(name);
            boolean twice = known.isPresent() && rows.isSeen(known.get());
            Optional<Span> span = rows.span(name, INPUTS + ".");
            if (twice || span.isEmpty()) {
                if (twice) {
                    rows.complain(INPUTS + "." + name + ": twice (expected: each column once)");
                }
                parser.skipChildren();
                continue;
            }
            int count = readColumn(reader, span.get(), token);
            if (expected >= 0 && count != expected) {
                rows.complain(INPUTS + "." + name + ": " + count + " rows (expected: " + expected
                        + ", as in the columns before)");
            }
            expected = expected < 0 ? count : expected;
        }
    }

    private int readColumn(JsonRows reader, Span span, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            rows.reach(0);
            reader.readValue(span, 0);
            return 1;
        }
        int row = 0;
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
            rows.reach(row);
            reader.readValue(span, row);
            row++;
        }
        return row;
    }

    private void readSplit(JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            rows.complain(SPLIT + ": not an object (expected: {\"columns\": […], \"data\": [[…], …]})");
            parser.skipChildren();
            return;
        }
        SplitReader split = new SplitReader(parser, rows, SPLIT);
        // Data that come before their columns have to wait for them.
        TokenBuffer waiting = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "columns" -> split.readColumns();
                case "index" -> parser.skipChildren();
                case "data" -> {
                    if (split.knowsColumns()) {
                        split.readData(parser);
                    } else {
                        waiting = new TokenBuffer(parser);
                        waiting.copyCurrentStructure(parser);
                    }
                }
                default -> {
                    rows.complain(SPLIT + "." + RowCollector.shortened(key)
                            + ": unknown (expected: columns, data and index)");
                    parser.skipChildren();
                }
            }
        }
        if (waiting != null) {
            JsonParser later = waiting.asParser();
            later.nextToken();
            split.readData(later);
        }
    }
}
