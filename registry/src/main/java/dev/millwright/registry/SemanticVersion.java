package dev.millwright.registry;

import dev.millwright.core.ModelSignature;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a model version means to those who call it. A major version takes or gives something else than the one before
 * (task, inputs or classes differ): callers have to change. A minor version is a new training. A patch is another version
 * from the same run: the same training, exported or calibrated anew.
 */
public record SemanticVersion(int major, int minor, int patch) implements Comparable<SemanticVersion> {
    static final SemanticVersion FIRST = new SemanticVersion(1, 0, 0);

    private static final Comparator<SemanticVersion> ORDER = Comparator.comparingInt(SemanticVersion::major)
            .thenComparingInt(SemanticVersion::minor)
            .thenComparingInt(SemanticVersion::patch);

    public SemanticVersion {
        if (major < 1 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException(
                    "version: " + major + "." + minor + "." + patch + " (expected: 1.0.0 or higher)");
        }
    }

    /** The version after the newest one, {@code before}, which may have been deleted since. */
    static SemanticVersion after(ModelVersion before, Optional<String> runId, Optional<ModelSignature> signature) {
        SemanticVersion last = before.semanticVersion();
        if (!callsAlike(before.knownSignature(), signature)) {
            return new SemanticVersion(last.major + 1, 0, 0);
        }
        boolean sameRun = runId.isPresent() && before.runId().equals(runId);
        return sameRun
                ? new SemanticVersion(last.major, last.minor, last.patch + 1)
                : new SemanticVersion(last.major, last.minor + 1, 0);
    }

    private static boolean callsAlike(Optional<ModelSignature> one, Optional<ModelSignature> other) {
        if (one.isPresent() && other.isPresent()) {
            return callsAlike(one.get(), other.get());
        }
        return one.isEmpty() && other.isEmpty();
    }

    /** The threshold is not compared: it moves with each training and changes nothing for callers' code. */
    private static boolean callsAlike(ModelSignature one, ModelSignature other) {
        return one.task() == other.task()
                && one.inputs().equals(other.inputs())
                && one.classes().equals(other.classes());
    }

    @Override
    public int compareTo(SemanticVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
