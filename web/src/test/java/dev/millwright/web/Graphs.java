package dev.millwright.web;

import ai.onnx.proto.OnnxMl;

/** A small graph that takes tensors. */
final class Graphs {
    private static final int OPSET = 18;
    private static final int IR = 9;
    private static final int WIDTH = 16;

    private Graphs() {}

    /** {@code OUTPUT0} and {@code OUTPUT1}: sum and difference of {@code INPUT0} and {@code INPUT1}, int32 [N,16]. */
    static byte[] sumAndDifference() {
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("simple");
        for (int i = 0; i < 2; i++) {
            graph.addInput(value("INPUT" + i)).addOutput(value("OUTPUT" + i));
            graph.addNode(OnnxMl.NodeProto.newBuilder()
                    .setOpType(i == 0 ? "Add" : "Sub")
                    .addInput("INPUT0")
                    .addInput("INPUT1")
                    .addOutput("OUTPUT" + i));
        }
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static OnnxMl.ValueInfoProto value(String name) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("N");
        shape.addDimBuilder().setDimValue(WIDTH);
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(OnnxMl.TensorProto.DataType.INT32_VALUE)
                                .setShape(shape)))
                .build();
    }
}
