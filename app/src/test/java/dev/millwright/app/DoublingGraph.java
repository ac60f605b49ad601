package dev.millwright.app;

import ai.onnx.proto.OnnxMl;

/** {@code y = x + x}, int32 [N]. */
final class DoublingGraph {
    private DoublingGraph() {}

    /** The file. */
    static byte[] bytes() {
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(18))
                .setGraph(OnnxMl.GraphProto.newBuilder()
                        .setName("double")
                        .addInput(value("x"))
                        .addOutput(value("y"))
                        .addNode(OnnxMl.NodeProto.newBuilder()
                                .setOpType("Add")
                                .addInput("x")
                                .addInput("x")
                                .addOutput("y")))
                .build()
                .toByteArray();
    }

    private static OnnxMl.ValueInfoProto value(String name) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("N");
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(OnnxMl.TensorProto.DataType.INT32_VALUE)
                                .setShape(shape)))
                .build();
    }
}
