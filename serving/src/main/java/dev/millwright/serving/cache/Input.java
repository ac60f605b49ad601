package dev.millwright.serving.cache;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.serving.protocol.HeapSize;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model was asked, compared by all of its values: answers of inputs that merely have the same hash are told apart. A missing
 * number equals a missing number, and 0 does not equal -0, by which a model may divide.
 */
sealed interface Input {
    /** Memory that keeping it takes, in bytes, about. */
    long bytes();

    /** The same, holding on to nothing that belongs to a request. */
    Input kept();

    /** One row. */
    final class Row implements Input {
        private final float[] numbers;
        private final String[] texts;
        private final int hash;

        private Row(float[] numbers, String[] texts, long seed) {
            this.numbers = numbers;
            this.texts = texts;
            long mixed = seed;
            for (float number : numbers) {
                mixed = Mixing.mix(mixed, Float.floatToIntBits(number));
            }
            for (String text : texts) {
                mixed = Mixing.mix(mixed, text.hashCode());
            }
            this.hash = Mixing.toInt(mixed);
        }

        /**
         * The row of a frame, whose columns are the same for all inputs of a cache.
         *
         * @param seed unknown to clients, who could else send rows of one hash
         */
        static Row of(Frame row, long seed) {
            List<FeatureColumn> columns = row.columns();
            int numeric = 0;
            for (FeatureColumn column : columns) {
                numeric += column instanceof FeatureColumn.Numeric ? 1 : 0;
            }
            float[] numbers = new float[numeric];
            String[] texts = new String[columns.size() - numeric];
            int number = 0;
            int text = 0;
            for (FeatureColumn column : columns) {
                switch (column) {
                    case FeatureColumn.Numeric(String name, float[] values) -> numbers[number++] = values[0];
                    case FeatureColumn.Text(String name, String[] values) -> texts[text++] = values[0];
                }
            }
            return new Row(numbers, texts, seed);
        }

        @Override
        public long bytes() {
            return HeapSize.OBJECT + 4L * numbers.length + HeapSize.of(texts);
        }

        @Override
        public Input kept() {
            return this;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Row row
                    && row.hash == hash
                    && Arrays.equals(row.numbers, numbers)
                    && Arrays.equals(row.texts, texts);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Tensors, in the order of the model's inputs. */
    final class Tensors implements Input {
        private final List<Tensor> tensors;
        private final long bytes;
        private final int hash;

        private Tensors(List<Tensor> tensors, long bytes, int hash) {
            this.tensors = tensors;
            this.bytes = bytes;
            this.hash = hash;
        }

        static Tensors of(List<Tensor> tensors, long seed) {
            long mixed = seed;
            for (Tensor tensor : tensors) {
                mixed = Mixing.mix(mixed, Arrays.hashCode(tensor.shape()));
                mixed = switch (tensor.values()) {
                    case TensorValues.Floats(float[] values) -> mix(mixed, values);
                    case TensorValues.Texts(String[] values) -> mix(mixed, values);
                    case TensorValues.Packed(ByteBuffer values) -> mix(mixed, values);
                };
            }
            return new Tensors(tensors, HeapSize.of(tensors), Mixing.toInt(mixed));
        }

        private static long mix(long before, float[] values) {
            long mixed = before;
            for (float value : values) {
                mixed = Mixing.mix(mixed, Float.floatToIntBits(value));
            }
            return mixed;
        }

        private static long mix(long before, String[] values) {
            long mixed = before;
            for (String value : values) {
                mixed = Mixing.mix(mixed, value.hashCode());
            }
            return mixed;
        }

        private static long mix(long before, ByteBuffer values) {
            long mixed = before;
            int at = 0;
            for (; at + Long.BYTES <= values.limit(); at += Long.BYTES) {
                mixed = Mixing.mix(mixed, values.getLong(at));
            }
            for (; at < values.limit(); at++) {
                mixed = Mixing.mix(mixed, values.get(at));
            }
            return mixed;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Input kept() {
            return new Tensors(copies(tensors), bytes, hash);
        }

        /** Tensors that share nothing with buffers of requests and batches. */
        static List<Tensor> copies(List<Tensor> tensors) {
            List<Tensor> copies = new ArrayList<>(tensors.size());
            for (Tensor tensor : tensors) {
                copies.add(new Tensor(
                        tensor.name(), tensor.datatype(), tensor.shape().clone(), copy(tensor.values())));
            }
            return List.copyOf(copies);
        }

        private static TensorValues copy(TensorValues values) {
            return switch (values) {
                case TensorValues.Floats(float[] numbers) -> new TensorValues.Floats(numbers.clone());
                case TensorValues.Texts(String[] texts) -> new TensorValues.Texts(texts.clone());
                case TensorValues.Packed(ByteBuffer bytes) ->
                    new TensorValues.Packed(ByteBuffer.allocate(bytes.limit()).put(0, bytes, 0, bytes.limit()));
            };
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Tensors others
                    && others.hash == hash
                    && others.tensors.size() == tensors.size()
                    && allEqual(others.tensors);
        }

        private boolean allEqual(List<Tensor> others) {
            for (int i = 0; i < tensors.size(); i++) {
                Tensor tensor = tensors.get(i);
                Tensor other = others.get(i);
                if (tensor.datatype() != other.datatype()
                        || !Arrays.equals(tensor.shape(), other.shape())
                        || !equal(tensor.values(), other.values())) {
                    return false;
                }
            }
            return true;
        }

        private static boolean equal(TensorValues values, TensorValues others) {
            return switch (values) {
                case TensorValues.Floats(float[] numbers) ->
                    others instanceof TensorValues.Floats(float[] theirs) && Arrays.equals(numbers, theirs);
                case TensorValues.Texts(String[] texts) ->
                    others instanceof TensorValues.Texts(String[] theirs) && Arrays.equals(texts, theirs);
                case TensorValues.Packed(ByteBuffer bytes) ->
                    others instanceof TensorValues.Packed(ByteBuffer theirs) && bytes.equals(theirs);
            };
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
