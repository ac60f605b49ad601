package dev.millwright.learn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One tree of a booster, as XGBoost's JSON model format has it. Node 0 is the root; a node without children is a leaf.
 *
 * @param output which of the scores the tree adds to
 * @param left per node, the child for values below the threshold; -1 for a leaf
 * @param right per node, the child for the others
 * @param slot per node, the feature that it asks about
 * @param threshold per node; of a leaf, its value, shrunk by the learning rate
 * @param missingLeft per node, whether a missing value goes left
 * @param gain per node, how much the split lowered the loss
 */
record Tree(int output, int[] left, int[] right, int[] slot, float[] threshold, boolean[] missingLeft, double[] gain) {

    /** Reads all trees of a model that XGBoost 3 saved as JSON, in boosting order. */
    static List<Tree> parse(byte[] json) {
        try {
            JsonNode model = new ObjectMapper()
                    .readTree(json)
                    .required("learner")
                    .required("gradient_booster")
                    .required("model");
            JsonNode outputs = model.required("tree_info");
            List<Tree> trees = new ArrayList<>();
            for (JsonNode tree : model.required("trees")) {
                trees.add(parse(tree, outputs.get(trees.size()).intValue()));
            }
            return trees;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("XGBoost wrote a model that is not JSON", unreadable);
        }
    }

    private static Tree parse(JsonNode tree, int output) {
        JsonNode missing = tree.required("default_left");
        boolean[] missingLeft = new boolean[missing.size()];
        for (int node = 0; node < missingLeft.length; node++) {
            missingLeft[node] = missing.get(node).intValue() == 1;
        }
        double[] conditions = numbers(tree.required("split_conditions"));
        float[] threshold = new float[conditions.length];
        for (int node = 0; node < threshold.length; node++) {
            threshold[node] = (float) conditions[node];
        }
        return new Tree(
                output,
                integers(tree.required("left_children")),
                integers(tree.required("right_children")),
                integers(tree.required("split_indices")),
                threshold,
                missingLeft,
                numbers(tree.required("loss_changes")));
    }

    boolean isLeaf(int node) {
        return left[node] < 0;
    }

    /** The nodes that the root leads to, parents before children; pruning leaves others behind. */
    List<Integer> reachable() {
        List<Integer> nodes = new ArrayList<>(List.of(0));
        for (int i = 0; i < nodes.size(); i++) {
            int node = nodes.get(i);
            if (!isLeaf(node)) {
                nodes.add(left[node]);
                nodes.add(right[node]);
            }
        }
        return nodes;
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    private static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }
}
