package dev.millwright.serving.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.protocol.ModelTensors;
import dev.millwright.serving.protocol.OpenInferenceJson;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.protocol.TensorMetadata;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Links as JSON, as they are registered. */
public final class RemoteLinkJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private RemoteLinkJson() {}

    /** The document. */
    public static byte[] write(RemoteLink link) {
        RemoteTarget target = link.target();
        ObjectNode root = MAPPER.createObjectNode();
        ArrayNode backends = root.putArray("backends");
        target.backends().forEach(url -> backends.add(url.toString()));
        root.put("model", target.model());
        target.version().ifPresent(version -> root.put("version", version));
        root.put("wire", lower(target.wire()));
        root.put("tensors", lower(link.form()));
        root.put("timeout_ms", target.timeout().toMillis());
        root.put("calls", target.calls());
        root.put("retries", lower(target.retries()));
        switch (target.secret()) {
            case Secret.None() -> {}
            case Secret.Variable(String name) -> root.put("token_variable", name);
            case Secret.InFile(String name) -> root.put("token_file", name);
        }
        write(root.putArray("inputs"), link.tensors().inputs());
        write(root.putArray("outputs"), link.tensors().outputs());
        return root.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void write(ArrayNode array, List<TensorMetadata> tensors) {
        for (TensorMetadata tensor : tensors) {
            ObjectNode node = array.addObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype().name());
            ArrayNode shape = node.putArray("shape");
            for (long size : tensor.shape()) {
                shape.add(size);
            }
        }
    }

    /**
     * Reads a document.
     *
     * @throws InvalidInputException when it is none
     */
    public static RemoteLink read(byte[] json) {
        ModelTensors tensors = OpenInferenceJson.readMetadata(json);
        try {
            JsonNode root = MAPPER.readTree(json);
            List<URI> backends = new ArrayList<>();
            root.path("backends").forEach(url -> backends.add(RemoteTarget.backend(url.asText())));
            RemoteTarget target = new RemoteTarget(
                    backends,
                    root.path("model").asText(),
                    text(root, "version"),
                    constant(Wire.class, root, "wire"),
                    Duration.ofMillis(root.path("timeout_ms").asLong()),
                    Secret.of(text(root, "token_variable"), text(root, "token_file")),
                    constant(Retries.class, root, "retries"),
                    root.path("calls").asInt());
            return new RemoteLink(target, tensors, constant(TensorForm.class, root, "tensors"));
        } catch (IOException e) {
            throw OpenInferenceJson.notJson(e);
        }
    }

    private static Optional<String> text(JsonNode root, String field) {
        return Optional.ofNullable(root.get(field)).map(JsonNode::asText);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode root, String field) {
        String word = root.path(field).asText();
        for (E constant : type.getEnumConstants()) {
            if (lower(constant).equals(word)) {
                return constant;
            }
        }
        List<String> known = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            known.add(lower(constant));
        }
        throw new InvalidInputException(field + ": '" + word + "' (expected: one of " + String.join(", ", known) + ")");
    }
}
