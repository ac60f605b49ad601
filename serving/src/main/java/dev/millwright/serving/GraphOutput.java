package dev.millwright.serving;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;

/** An output of a graph, and the tensors that it becomes. */
sealed interface GraphOutput {
    /** What is added to the name of a map's keys. */
    String KEYS = ".keys";

    /** What is added to the name of the lengths of a sequence's elements. */
    String LENGTHS = ".lengths";

    String name();

    List<TensorMetadata> metadata();

    /** A tensor. */
    record Plain(TensorMetadata tensor) implements GraphOutput {
        @Override
        public String name() {
            return tensor.name();
        }

        @Override
        public List<TensorMetadata> metadata() {
            return List.of(tensor);
        }
    }

    /** A map: its values, [keys], and its keys. */
    record OneMap(String name, Datatype keys, Datatype values) implements GraphOutput {
        @Override
        public List<TensorMetadata> metadata() {
            return List.of(new TensorMetadata(name, values, -1), new TensorMetadata(name + KEYS, keys, -1));
        }
    }

    /** A sequence of maps with the same keys, one a row: their values, [rows, keys], and the keys. */
    record Maps(String name, Datatype keys, Datatype values) implements GraphOutput {
        @Override
        public List<TensorMetadata> metadata() {
            return List.of(new TensorMetadata(name, values, -1, -1), new TensorMetadata(name + KEYS, keys, -1));
        }
    }

    /**
     * A sequence of tensors that differ in their first dimension at most: one after the other along it, and how long each is. Scalars
     * count as one long. How many dimensions they have, the graph doesn't say, and so neither does the shape: it is empty.
     */
    record Sequence(String name, Datatype elements) implements GraphOutput {
        @Override
        public List<TensorMetadata> metadata() {
            return List.of(new TensorMetadata(name, elements), new TensorMetadata(name + LENGTHS, Datatype.INT64, -1));
        }
    }
}
