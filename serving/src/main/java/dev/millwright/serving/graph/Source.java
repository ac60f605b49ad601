package dev.millwright.serving.graph;

/** Where a column of a {@link Stacking}'s final model comes from. */
public sealed interface Source {
    /** One of the columns that the graph takes. */
    record Feature(String column) implements Source {}

    /** The number that a member predicts: of a regressor, or the probability of the second of two classes. */
    record Prediction(int member) implements Source {}

    /** The probability that a member gives a class. */
    record Probability(int member, String label) implements Source {}

    /** The label that a member chooses, as text. */
    record Label(int member) implements Source {}
}
