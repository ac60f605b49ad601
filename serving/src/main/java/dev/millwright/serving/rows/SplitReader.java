package dev.millwright.serving.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.serving.rows.JsonRows.Place;
import dev.millwright.serving.rows.RequestColumns.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a data frame whose columns are named once, before or after its rows. For one request. */
final class SplitReader {
    private final JsonParser parser;
    private final RowCollector rows;
    private final String what;
    private final String dataName;

    /** For each value of a row the columns that it is for; empty for one that nobody here takes. Null where not sent. */
    private @Nullable List<Optional<Span>> columns;

    private boolean byPosition = true;

    SplitReader(JsonParser parser, RowCollector rows, String what) {
        this.parser = parser;
        this.rows = rows;
        this.what = what;
        this.dataName = what + ".data";
    }

    boolean knowsColumns() {
        return columns != null;
    }

    void readColumns() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            rows.complain(what + ".columns: not a list (expected: the names of the columns)");
            parser.skipChildren();
            return;
        }
        List<String> names = new ArrayList<>();
        boolean counted = true;
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY && token != null) {
            String name = token.isScalarValue() ? parser.getText() : "";
            counted &= token == JsonToken.VALUE_NUMBER_INT && name.equals(Integer.toString(names.size()));
            if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
                rows.complain(what + ".columns[" + names.size() + "]: not a name (expected: a text)");
            }
            names.add(name);
            parser.skipChildren();
        }
        // A data frame that was made of an array calls its columns 0, 1, 2 …
        byPosition = counted
                && names.stream().noneMatch(name -> rows.columns().find(name).isPresent());
        columns = byPosition ? List.of() : spans(names);
    }

    private List<Optional<Span>> spans(List<String> names) {
        List<Optional<Span>> spans = new ArrayList<>();
        for (String name : names) {
            Optional<Span> span = rows.columns().find(name);
            if (span.isPresent() && rows.isSeen(span.get())) {
                rows.complain(what + ".columns: " + name + " twice (expected: each column once)");
            }
            spans.add(rows.span(name, what + ".columns: "));
        }
        return spans;
    }

    /** The list of rows that {@code data} is at. */
    void readData(JsonParser data) throws IOException {
        if (data.currentToken() != JsonToken.START_ARRAY) {
            rows.complain(dataName + ": not a list (expected: a list for each row)");
            data.skipChildren();
            return;
        }
        JsonRows reader = new JsonRows(data, rows, Place.rowByRow(dataName));
        JsonToken token;
        while ((token = data.nextToken()) != JsonToken.END_ARRAY && token != null) {
            if (byPosition || columns == null) {
                reader.readPositions();
            } else {
                readRow(data, reader, columns, rows.startRow());
            }
        }
    }

    private void readRow(JsonParser data, JsonRows reader, List<Optional<Span>> spans, int row) throws IOException {
        if (data.currentToken() != JsonToken.START_ARRAY) {
            rows.complain(dataName + "[" + row + "]: not a list (expected: one value a column)");
            data.skipChildren();
            return;
        }
        int count = 0;
        JsonToken token;
        while ((token = data.nextToken()) != JsonToken.END_ARRAY && token != null) {
            Optional<Span> span = count < spans.size() ? spans.get(count) : Optional.empty();
            if (span.isPresent()) {
                reader.readValue(span.get(), row);
            } else {
                data.skipChildren();
            }
            count++;
        }
        if (count != spans.size()) {
            rows.complain(
                    dataName + "[" + row + "]: " + count + " values (expected: " + spans.size() + ", one a column)");
        }
    }
}
