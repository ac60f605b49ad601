package dev.millwright.pipelines;

/** Tags of model versions that the program itself reads. */
final class ModelTags {
    /** The training set's file under {@code HOME/training-sets}. */
    static final String TRAINING_SET = "millwright.training_set";

    private ModelTags() {}
}
