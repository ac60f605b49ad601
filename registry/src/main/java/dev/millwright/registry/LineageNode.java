package dev.millwright.registry;

/**
 * Something that data flows through.
 *
 * @param id {@code flights/3} (dataset or model, and version), {@code departures@SHA256} (view and hash of its SQL), the id of
 *     a run, the name of an endpoint
 */
public record LineageNode(Kind kind, String id) {
    /** What it is, in the order in which data flows. */
    public enum Kind {
        DATASET_VERSION,
        FEATURE_VIEW,
        RUN,
        MODEL_VERSION,
        ENDPOINT
    }

    static LineageNode run(String id) {
        return new LineageNode(Kind.RUN, id);
    }

    static LineageNode dataset(String dataset, int version) {
        return new LineageNode(Kind.DATASET_VERSION, dataset + "/" + version);
    }

    static LineageNode model(String model, int version) {
        return new LineageNode(Kind.MODEL_VERSION, model + "/" + version);
    }
}
