package dev.millwright.data;

import java.util.ArrayList;
import java.util.List;

/** The first rows of delimited text, to be looked at: read as a source would be, but nothing is refused. */
public final class DelimitedText {
    private DelimitedText() {}

    /** At most {@code most} rows, the heading among them; what breaks the grammar is a row of one cell, as it stands. */
    public static List<List<String>> rows(String text, String delimiter, int most) {
        DelimitedRecords records = new DelimitedRecords(TextLines.of(text), delimiter);
        List<List<String>> rows = new ArrayList<>();
        for (DelimitedRecords.Entry entry = records.next();
                entry != null && rows.size() < most;
                entry = records.next()) {
            rows.add(
                    switch (entry) {
                        case DelimitedRecords.Fields fields -> fields.values();
                        case DelimitedRecords.Malformed malformed -> List.of(malformed.raw());
                    });
        }
        return rows;
    }
}
