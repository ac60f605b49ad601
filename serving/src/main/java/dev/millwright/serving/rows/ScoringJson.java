package dev.millwright.serving.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The JSON of MLflow's scoring servers, without HTTP: rows as {@code dataframe_split}, {@code dataframe_records},
 * {@code instances} or {@code inputs}, answered with {@code predictions}. Null is missing, and so is the {@code NaN} that
 * Python's clients write. Thread-safe.
 */
public final class ScoringJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(100)
                    .maxStringLength(1 << 20)
                    .build())
            .build();

    private ScoringJson() {}

    /**
     * Reads the body of a request.
     *
     * @throws InvalidInputException saying everything that is wrong with it, with row and column
     */
    static Frame read(byte[] body, RequestColumns columns) {
        try (JsonParser parser = JSON.createParser(body)) {
            return new ScoringReader(parser, columns).read();
        } catch (IOException e) {
            throw OpenInferenceJson.notJson(e);
        }
    }

    /**
     * Writes the answer: for each row a number, or an object with the label and the probability of each class; and beside these
     * the ids by which feedback finds them.
     */
    public static byte[] write(InferenceResult result) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("predictions");
            switch (result.predictions()) {
                case Predictions.Classes classes -> writeClasses(json, classes);
                case Predictions.Values(float[] values) -> {
                    for (float value : values) {
                        writeNumber(json, value);
                    }
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("prediction_ids");
            for (int row = 0; row < result.predictions().rows(); row++) {
                json.writeString(result.predictionId(row));
            }
            json.writeEndArray();
            json.writeStringField("endpoint", result.endpoint());
            json.writeNumberField("model_version", result.modelVersion());
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeClasses(JsonGenerator json, Predictions.Classes classes) throws IOException {
        for (int row = 0; row < classes.rows(); row++) {
            json.writeStartObject();
            json.writeStringField("label", classes.classes().get(classes.labels()[row]));
            json.writeObjectFieldStart("probabilities");
            for (int i = 0; i < classes.classes().size(); i++) {
                json.writeFieldName(classes.classes().get(i));
                writeNumber(json, classes.probability(row, i));
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static void writeNumber(JsonGenerator json, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
