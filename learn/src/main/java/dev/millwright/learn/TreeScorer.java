package dev.millwright.learn;

import static dev.millwright.learn.OnnxGraph.doubles;
import static dev.millwright.learn.OnnxGraph.integer;
import static dev.millwright.learn.OnnxGraph.integers;
import static dev.millwright.learn.OnnxGraph.word;
import static dev.millwright.learn.OnnxGraph.words;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;

/**
 * Scores of boosted trees: a base value for each output plus the leaves that a row falls into. XGBoost itself finds the
 * leaves; their values are then summed in float64, since its float32 sum depends on the order, and no runtime promises
 * that. The graph does the same: thresholds and leaves are float32 numbers held as float64.
 *
 * @param booster the model as XGBoost saves it
 * @param trees of the booster, those that count, in order
 * @param base per output
 */
record TreeScorer(byte[] booster, List<Tree> trees, double[] base) implements Scorer {
    /** Rows are taken in portions of about so many leaves, 16 MB. */
    private static final int PORTION = 4_000_000;

    TreeScorer {
        trees = List.copyOf(trees);
    }

    @Override
    public int outputs() {
        return base.length;
    }

    @Override
    public float absent() {
        return Float.NaN;
    }

    @Override
    public double[] scores(Features features) {
        double[] scores = new double[features.rows() * outputs()];
        if (features.rows() == 0) {
            return scores;
        }
        Booster loaded = Xgboost.call(() -> XGBoost.loadModel(booster));
        try {
            int portion = Math.max(1, PORTION / trees.size());
            for (int from = 0; from < features.rows(); from += portion) {
                score(loaded, features.slice(from, Math.min(from + portion, features.rows())), from, scores);
            }
        } finally {
            loaded.dispose();
        }
        return scores;
    }

    private void score(Booster loaded, Features rows, int from, double[] scores) {
        DMatrix matrix = Xgboost.matrix(rows, 1);
        try {
            float[][] leaves = Xgboost.call(() -> loaded.predictLeaf(matrix, trees.size() / outputs()));
            for (int row = 0; row < leaves.length; row++) {
                int start = (from + row) * outputs();
                for (int i = 0; i < trees.size(); i++) {
                    Tree tree = trees.get(i);
                    scores[start + tree.output()] += tree.threshold()[(int) leaves[row][i]];
                }
                for (int k = 0; k < outputs(); k++) {
                    scores[start + k] = (float) scores[start + k] + base[k];
                }
            }
        } finally {
            matrix.dispose();
        }
    }

    /** The operator gives its float64 sums as float32, so the base value, which may be large, is added after it. */
    @Override
    public String write(OnnxGraph graph, String features) {
        Nodes nodes = new Nodes();
        for (int i = 0; i < trees.size(); i++) {
            nodes.add(i, trees.get(i));
        }
        String sums = graph.mlNode(
                "TreeEnsembleRegressor",
                graph.cast(features, OnnxGraph.DOUBLE),
                word("aggregate_function", "SUM"),
                word("post_transform", "NONE"),
                integer("n_targets", outputs()),
                integers("nodes_treeids", nodes.trees.build().toArray()),
                integers("nodes_nodeids", nodes.ids.build().toArray()),
                integers("nodes_featureids", nodes.slots.build().toArray()),
                words("nodes_modes", nodes.modes),
                doubles("nodes_values_as_tensor", nodes.values.build().toArray()),
                integers("nodes_truenodeids", nodes.lefts.build().toArray()),
                integers("nodes_falsenodeids", nodes.rights.build().toArray()),
                integers(
                        "nodes_missing_value_tracks_true", nodes.missing.build().toArray()),
                integers("target_treeids", nodes.leafTrees.build().toArray()),
                integers("target_nodeids", nodes.leafIds.build().toArray()),
                integers("target_ids", nodes.leafOutputs.build().toArray()),
                doubles("target_weights_as_tensor", nodes.leafValues.build().toArray()));
        return graph.node("Add", List.of(graph.cast(sums, OnnxGraph.DOUBLE), graph.doubles(base, outputs())));
    }

    /** The attributes of the operator: parallel lists over all nodes, and over all leaves. */
    private static final class Nodes {
        private final LongStream.Builder trees = LongStream.builder();
        private final LongStream.Builder ids = LongStream.builder();
        private final LongStream.Builder slots = LongStream.builder();
        private final List<String> modes = new ArrayList<>();
        private final DoubleStream.Builder values = DoubleStream.builder();
        private final LongStream.Builder lefts = LongStream.builder();
        private final LongStream.Builder rights = LongStream.builder();
        private final LongStream.Builder missing = LongStream.builder();
        private final LongStream.Builder leafTrees = LongStream.builder();
        private final LongStream.Builder leafIds = LongStream.builder();
        private final LongStream.Builder leafOutputs = LongStream.builder();
        private final DoubleStream.Builder leafValues = DoubleStream.builder();

        void add(int index, Tree tree) {
            for (int node : tree.reachable()) {
                boolean leaf = tree.isLeaf(node);
                trees.add(index);
                ids.add(node);
                slots.add(leaf ? 0 : tree.slot()[node]);
                modes.add(leaf ? "LEAF" : "BRANCH_LT");
                values.add(leaf ? 0 : tree.threshold()[node]);
                lefts.add(leaf ? 0 : tree.left()[node]);
                rights.add(leaf ? 0 : tree.right()[node]);
                missing.add(!leaf && tree.missingLeft()[node] ? 1 : 0);
                if (leaf) {
                    leafTrees.add(index);
                    leafIds.add(node);
                    leafOutputs.add(tree.output());
                    leafValues.add(tree.threshold()[node]);
                }
            }
        }
    }

    /** Per slot, the summed gain of the splits on it. */
    double[] gains(int width) {
        double[] gains = new double[width];
        for (Tree tree : trees) {
            for (int node : tree.reachable()) {
                if (!tree.isLeaf(node)) {
                    gains[tree.slot()[node]] += tree.gain()[node];
                }
            }
        }
        return gains;
    }
}
