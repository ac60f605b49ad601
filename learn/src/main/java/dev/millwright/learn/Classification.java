package dev.millwright.learn;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What all classifiers share: which class each row has, how much each class weighs, and calibration on the validation rows.
 *
 * @param train per training row, its class
 * @param validation per validation row, its class
 * @param weights of the classes: all 1, or rows / (classes · rows of the class)
 */
record Classification(TrainingData data, int[] train, int[] validation, double[] weights) {
    private static final String CLASS_WEIGHT = "class_weight";
    private static final String CALIBRATION = "calibration";
    private static final String THRESHOLD = "threshold";

    static List<ParameterSpec> parameters() {
        return List.of(
                ParameterSpec.choice(
                        CLASS_WEIGHT,
                        "balanced weighs the rows of a class by the inverse of its share; with calibration the"
                                + " probabilities still mean what they say.",
                        "none",
                        "balanced"),
                ParameterSpec.choice(
                        CALIBRATION,
                        "sigmoid fits Platt's curve on the validation rows (a temperature when there are more than two"
                                + " classes).",
                        "sigmoid",
                        "none"),
                ParameterSpec.number(
                        THRESHOLD,
                        0.5,
                        0,
                        1,
                        "Of two classes the label is the second when its probability is at least this."));
    }

    /** Checks that every class has a training row. */
    static Classification of(TrainingData data, Parameters parameters) {
        int[] train = indices(data.trainLabels());
        int[] counts = new int[data.classes().size()];
        for (int index : train) {
            counts[index]++;
        }
        List<String> absent = new ArrayList<>();
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] == 0) {
                absent.add(data.classes().get(k));
            }
        }
        if (!absent.isEmpty()) {
            throw new InvalidInputException("labels: no training row of class " + String.join(", ", absent)
                    + " (expected: at least one of each class). Use more rows, split at random with stratification, or"
                    + " drop the class from the label.");
        }
        double[] weights = new double[counts.length];
        Arrays.fill(weights, 1);
        if (parameters.choice(CLASS_WEIGHT).equals("balanced")) {
            Arrays.setAll(weights, k -> train.length / (double) counts.length / counts[k]);
        }
        return new Classification(data, train, indices(data.validationLabels()), weights);
    }

    int outputs() {
        return weights.length == 2 ? 1 : weights.length;
    }

    /** Per training row, the weight of its class. */
    double[] trainWeights() {
        return Arrays.stream(train).mapToDouble(k -> weights[k]).toArray();
    }

    double[] validationWeights() {
        return Arrays.stream(validation).mapToDouble(k -> weights[k]).toArray();
    }

    ModelSignature signature(Parameters parameters) {
        return new ModelSignature(data.task(), data.inputs(), data.classes(), parameters.number(THRESHOLD));
    }

    /** Empty when it is switched off, or when the validation rows are too few to show every class. */
    Optional<Calibration> calibrate(Scorer scorer, Features validationFeatures, Parameters parameters) {
        boolean wanted = parameters.choice(CALIBRATION).equals("sigmoid");
        if (!wanted || Arrays.stream(validation).distinct().count() < weights.length) {
            return Optional.empty();
        }
        double[] scores = scorer.scores(validationFeatures);
        if (outputs() == 1) {
            return Optional.of(SigmoidCalibration.fit(scores, validation));
        }
        double[] shift = Arrays.stream(weights).map(weight -> -Math.log(weight)).toArray();
        return Optional.of(TemperatureCalibration.fit(scores, validation, shift));
    }

    /** Says what {@link #calibrate} did. */
    String describe(Optional<Calibration> calibration, Parameters parameters) {
        if (calibration.isPresent()) {
            return outputs() == 1 ? "sigmoid calibration" : "temperature calibration";
        }
        return parameters.choice(CALIBRATION).equals("none")
                ? "not calibrated"
                : "not calibrated, because the validation rows don't have every class";
    }

    private static int[] indices(Labels labels) {
        return switch (labels) {
            case Labels.Classes classes -> classes.indices();
            case Labels.Values _ -> throw new IllegalArgumentException("labels: numbers (expected: classes)");
        };
    }
}
