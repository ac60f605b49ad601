package dev.millwright.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How a tensor of several columns is a row of single ones: {@code X}, [N, 3], is the columns {@code X[0]}, {@code X[1]} and
 * {@code X[2]}. So every column can be looked at by itself, while clients may send the tensor that they know.
 */
public final class TensorColumns {
    private static final String FIRST = "[0]";

    private TensorColumns() {}

    /** The names of a tensor's columns. */
    public static List<String> names(String tensor, int width) {
        return IntStream.range(0, width).mapToObj(i -> tensor + "[" + i + "]").toList();
    }

    /**
     * The tensors among the inputs of a model, in their order, with their widths: those whose columns, two at least, stand one
     * after the other, from 0 on, all of one type.
     */
    public static Map<String, Integer> find(ModelSignature signature) {
        Map<String, Integer> found = new LinkedHashMap<>();
        List<ModelSignature.Input> inputs = signature.inputs();
        for (int at = 0; at < inputs.size(); at++) {
            String name = inputs.get(at).name();
            if (name.endsWith(FIRST) && name.length() > FIRST.length()) {
                String tensor = name.substring(0, name.length() - FIRST.length());
                int width = width(inputs, at, tensor);
                if (width > 1) {
                    found.put(tensor, width);
                }
            }
        }
        return found;
    }

    private static int width(List<ModelSignature.Input> inputs, int from, String tensor) {
        int width = 0;
        while (from + width < inputs.size()
                && inputs.get(from + width).name().equals(tensor + "[" + width + "]")
                && inputs.get(from + width).type() == inputs.get(from).type()) {
            width++;
        }
        return width;
    }
}
