package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.millwright.core.InvalidInputException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a graph can name another file. */
class SelfContainedGraphTest {
    private static OnnxMl.TensorProto.Builder outside() {
        return OnnxMl.TensorProto.newBuilder()
                .setName("w")
                .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                .addDims(2)
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(OnnxMl.StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue("/etc/hostname"));
    }

    private static OnnxMl.NodeProto.Builder constant() {
        return OnnxMl.NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput("c")
                .addAttribute(OnnxMl.AttributeProto.newBuilder()
                        .setName("value")
                        .setType(OnnxMl.AttributeProto.AttributeType.TENSOR)
                        .setT(outside()));
    }

    private static OnnxMl.ModelProto.Builder model(OnnxMl.GraphProto.Builder graph) {
        return OnnxMl.ModelProto.newBuilder().setIrVersion(9).setGraph(graph.setName("g"));
    }

    static Stream<Arguments> graphs() {
        OnnxMl.GraphProto.Builder body = OnnxMl.GraphProto.newBuilder().addNode(constant());
        OnnxMl.NodeProto.Builder branch = OnnxMl.NodeProto.newBuilder()
                .setOpType("If")
                .addAttribute(OnnxMl.AttributeProto.newBuilder()
                        .setName("then_branch")
                        .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                        .setG(body));
        return Stream.of(
                Arguments.of("weights", model(OnnxMl.GraphProto.newBuilder().addInitializer(outside())), "'w'"),
                Arguments.of("a constant", model(OnnxMl.GraphProto.newBuilder().addNode(constant())), "'w'"),
                Arguments.of("a branch", model(OnnxMl.GraphProto.newBuilder().addNode(branch)), "'w'"),
                Arguments.of(
                        "a function",
                        model(OnnxMl.GraphProto.newBuilder())
                                .addFunctions(OnnxMl.FunctionProto.newBuilder()
                                        .setName("f")
                                        .addNode(constant())),
                        "'w' are in another file"),
                Arguments.of(
                        "sparse weights",
                        model(OnnxMl.GraphProto.newBuilder()
                                .addSparseInitializer(
                                        OnnxMl.SparseTensorProto.newBuilder().setValues(outside()))),
                        "'w' are in another file"),
                Arguments.of(
                        "a part compiled for a device",
                        model(OnnxMl.GraphProto.newBuilder()
                                .addNode(OnnxMl.NodeProto.newBuilder()
                                        .setName("n")
                                        .setOpType("EPContext"))),
                        "'n' holds what was compiled for one device"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("graphs")
    void whatLeadsToAnotherFile_isRefused(String where, OnnxMl.ModelProto.Builder model, String named) {
        assertThatThrownBy(() -> GraphFacts.selfContained(model.build().toByteArray(), name -> Optional.empty()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(named);
    }

    @Test
    void weightsThatWereLoggedBesideTheGraph_areTakenIn() throws Exception {
        byte[] weights = {0, 0, (byte) 128, 63, 0, 0, 0, 64};
        byte[] whole = GraphFacts.selfContained(
                model(OnnxMl.GraphProto.newBuilder().addInitializer(outside()))
                        .build()
                        .toByteArray(),
                name -> Optional.of(weights));

        OnnxMl.TensorProto tensor =
                OnnxMl.ModelProto.parseFrom(whole).getGraph().getInitializer(0);
        assertThat(tensor.getRawData()).isEqualTo(ByteString.copyFrom(weights));
        assertThat(tensor.getExternalDataCount()).isZero();
    }
}
