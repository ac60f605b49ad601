package dev.millwright.pipelines;

/** Tags of model versions that the program itself reads. */
final class ModelTags {
    /** The training set's file under {@code HOME/training-sets}. */
    static final String TRAINING_SET = "millwright.training_set";

    /** Where the rows come from that are replayed before a client's model serves; only such a version has it. */
    static final String PARITY_ROWS = "millwright.parity_rows";

    /** Why a version is served with the tensors that its graph names, rather than with rows; only such a version has it. */
    static final String TENSORS = "millwright.tensors";

    /** Which servers answer for a version; only a version of that kind has it. */
    static final String BACKENDS = "millwright.backends";

    private ModelTags() {}
}
