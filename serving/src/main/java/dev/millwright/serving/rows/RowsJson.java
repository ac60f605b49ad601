package dev.millwright.serving.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.io.IOException;

/**
 * Rows as people write them: {@code [{"column": value, …}, …]}, or such objects one after the other (JSON lines). Null
 * is missing, and so is a column that other rows have.
 */
public final class RowsJson {
    private RowsJson() {}

    /**
     * Reads rows.
     *
     * @throws InvalidInputException saying what is wrong with them
     */
    public static Frame read(byte[] json, ModelSignature signature) {
        RowCollector rows = new RowCollector(RequestColumns.of(signature));
        try (JsonParser parser = OpenInferenceJson.JSON.createParser(json)) {
            read(parser, new JsonRows(parser, rows, JsonRows.Place.rowByRow("rows")), signature);
            return rows.finish("rows", RowCollector.Remedy.KEYS);
        } catch (IOException e) {
            throw OpenInferenceJson.notJson(e);
        }
    }

    private static void read(JsonParser parser, JsonRows rows, ModelSignature signature) throws IOException {
        JsonToken token;
        int depth = 0;
        while ((token = parser.nextToken()) != null) {
            switch (token) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case START_OBJECT -> rows.readRecord();
                default -> depth = 2;
            }
            if (depth > 1) {
                throw new InvalidInputException("rows: not a list of objects (expected: [{\""
                        + signature.inputNames().getFirst() + "\": …}, …])");
            }
        }
    }
}
