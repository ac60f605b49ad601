package dev.millwright.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.Column;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import dev.millwright.core.TensorColumns;
import dev.millwright.pipelines.Origins;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.serving.ParitySet;
import dev.millwright.serving.rows.RowsCsv;
import dev.millwright.web.page.EndpointPage.TryField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A row that a version can be tried with: one of those on which it was checked before it served.
 *
 * @param fields one an input
 * @param request the row as the body of a request in the Open Inference Protocol, one input a line
 * @param records the same as MLflow's scoring servers take it
 * @param csv the same as CSV
 * @param event what a raw event looks like, where the feature view runs on single events
 */
record EndpointExample(List<TryField> fields, String request, String records, String csv, Optional<String> event) {
    private static final String PARITY = "parity.json";

    static EndpointExample of(Site site, ModelVersion version) {
        Optional<Frame> row =
                Optional.ofNullable(version.artifacts().get(PARITY)).map(artifact -> first(site, artifact));
        List<TryField> fields = new ArrayList<>();
        for (int i = 0; i < version.signature().inputs().size(); i++) {
            ModelSignature.Input input = version.signature().inputs().get(i);
            int place = i;
            fields.add(new TryField(
                    input.name(),
                    input.type() == ModelSignature.InputType.NUMBER,
                    row.map(frame -> text(frame.columns().get(place))).orElse("")));
        }
        return new EndpointExample(
                fields, request(fields), records(version.signature(), fields), csv(fields), event(site, version));
    }

    private static Frame first(Site site, Artifact parity) {
        return ParitySet.fromJson(site.registry().artifacts().read(parity))
                .rows()
                .select(new int[] {0});
    }

    private static String text(FeatureColumn column) {
        return switch (column) {
            case FeatureColumn.Text text -> text.values()[0];
            case FeatureColumn.Numeric numeric -> Float.isNaN(numeric.values()[0]) ? "" : plain(numeric.values()[0]);
        };
    }

    /** The shortest decimal that reads back as the same number, without an exponent. */
    private static String plain(float value) {
        return new BigDecimal(Float.toString(value)).stripTrailingZeros().toPlainString();
    }

    private static String request(List<TryField> fields) {
        return fields.stream()
                .map(EndpointExample::tensor)
                .collect(Collectors.joining(",\n  ", "{\"inputs\": [\n  ", "\n]}"));
    }

    private static String tensor(TryField field) {
        return "{\"name\": " + quoted(field.name()) + ", \"shape\": [1, 1], \"datatype\": \""
                + (field.number() ? "FP32" : "BYTES") + "\", \"data\": [" + value(field) + "]}";
    }

    private static String value(TryField field) {
        return field.number() ? (field.value().isEmpty() ? "null" : field.value()) : quoted(field.value());
    }

    /** What belongs to one tensor is one list. */
    private static String records(ModelSignature signature, List<TryField> fields) {
        Map<String, Integer> tensors = TensorColumns.find(signature);
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at < fields.size()) {
            String name = fields.get(at).name();
            String tensor = name.endsWith("[0]") ? name.substring(0, name.length() - 3) : "";
            if (tensors.containsKey(tensor)) {
                List<TryField> parts = fields.subList(at, at + tensors.get(tensor));
                values.add(quoted(tensor) + ": "
                        + parts.stream().map(EndpointExample::value).collect(Collectors.joining(", ", "[", "]")));
                at += parts.size();
            } else {
                values.add(quoted(name) + ": " + value(fields.get(at)));
                at++;
            }
        }
        return "{\"dataframe_records\": [{" + String.join(", ", values) + "}]}";
    }

    private static String csv(List<TryField> fields) {
        return fields.stream().map(field -> RowsCsv.quoted(field.name())).collect(Collectors.joining(",")) + "\n"
                + fields.stream().map(field -> RowsCsv.quoted(field.value())).collect(Collectors.joining(",")) + "\n";
    }

    private static String quoted(String text) {
        try {
            return Json.MAPPER.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text is always JSON", e);
        }
    }

    private static Optional<String> event(Site site, ModelVersion version) {
        try {
            return Optional.of(event(
                    new Origins(site.registry()).plan(version).onlineView().eventSchema()));
        } catch (MillwrightException notOnline) {
            // The view can't run on single events, or the version came from elsewhere: it has no second door.
            return Optional.empty();
        }
    }

    private static String event(Schema schema) {
        ObjectNode event = Json.MAPPER.createObjectNode();
        for (Column column : schema.columns()) {
            switch (column.type()) {
                case BOOLEAN -> event.put(column.name(), true);
                case BIGINT -> event.put(column.name(), 1);
                case DOUBLE -> event.put(column.name(), 12.5);
                case VARCHAR -> event.put(column.name(), "…");
                case TIMESTAMP -> event.put(column.name(), "2026-01-31T12:00:00Z");
            }
        }
        return event.toString();
    }

    /** A command for a shell; the body stands between single quotes. */
    static String curl(String url, String body) {
        return curl(url, Operation.JSON, body);
    }

    static String curl(String url, String mediaType, String body) {
        return "curl " + url + " \\\n  -H 'Content-Type: " + mediaType + "' \\\n  -d '" + body.replace("'", "'\\''")
                + "'";
    }
}
