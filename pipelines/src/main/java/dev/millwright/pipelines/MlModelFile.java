package dev.millwright.pipelines;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.ModelSignature;
import java.util.List;

/**
 * The file that makes a model version's files a model directory of MLflow, with its ONNX flavour: {@code mlflow.onnx} and
 * {@code mlflow.pyfunc} load it. The signature is one of tensors, [N, 1] for each column, as the graph has them.
 */
final class MlModelFile {
    /** The file's name in the directory. */
    static final String NAME = "MLmodel";

    private static final String WRITTEN_FOR = "3.11.1";
    private static final int UUID_DIGITS = 32;

    private MlModelFile() {}

    /**
     * The file's text; the same for the same model.
     *
     * @param graph the name of the ONNX file in the directory
     * @param sha256 of that file, hexadecimal
     */
    static String text(ModelSignature signature, String graph, String sha256) {
        return """
                artifact_path: model
                flavors:
                  onnx:
                    data: %1$s
                    code: null
                    onnx_version: 1.19.0
                    providers:
                    - CPUExecutionProvider
                  python_function:
                    data: %1$s
                    loader_module: mlflow.onnx
                    python_version: 3.11.0
                mlflow_version: %2$s
                model_uuid: %3$s
                signature:
                  inputs: '%4$s'
                  outputs: '%5$s'
                  params: null
                """.formatted(
                        graph,
                        WRITTEN_FOR,
                        sha256.substring(0, UUID_DIGITS),
                        quoted(inputs(signature)),
                        quoted(outputs(signature)));
    }

    private static String quoted(ArrayNode json) {
        return json.toString().replace("'", "''");
    }

    private static ArrayNode inputs(ModelSignature signature) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (ModelSignature.Input input : signature.inputs()) {
            array.add(tensor(
                    input.name(),
                    switch (input.type()) {
                        case NUMBER -> "float32";
                        case TEXT -> "str";
                    },
                    List.of(-1, 1)));
        }
        return array;
    }

    private static ArrayNode outputs(ModelSignature signature) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        if (signature.task().isClassification()) {
            array.add(tensor("label", "str", List.of(-1)));
            array.add(tensor(
                    "probabilities", "float32", List.of(-1, signature.classes().size())));
        } else {
            array.add(tensor("prediction", "float32", List.of(-1, 1)));
        }
        return array;
    }

    private static ObjectNode tensor(String name, String type, List<Integer> shape) {
        ObjectNode tensor =
                JsonNodeFactory.instance.objectNode().put("type", "tensor").put("name", name);
        ArrayNode dimensions =
                tensor.putObject("tensor-spec").put("dtype", type).putArray("shape");
        shape.forEach(dimensions::add);
        return tensor;
    }
}
