package dev.millwright.registry;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Data that a model was measured on, as a search names it: what is left out may be anything. */
public record DatasetChoice(Optional<String> name, Optional<String> digest) {
    /** Measured on whatever it was, and on nothing that was named. */
    public static final DatasetChoice ANY = new DatasetChoice(Optional.empty(), Optional.empty());

    public static DatasetChoice named(String name) {
        return new DatasetChoice(Optional.of(name), Optional.empty());
    }

    public DatasetChoice digest(String wanted) {
        return new DatasetChoice(name, Optional.of(wanted));
    }

    /** Conditions on a metric of a logged model, one for each of {@link #arguments}. */
    Stream<String> conditions(String prefix) {
        return Stream.concat(
                name.stream().map(some -> prefix + "dataset_name = ?"),
                digest.stream().map(some -> prefix + "dataset_digest = ?"));
    }

    List<String> arguments() {
        return Stream.concat(name.stream(), digest.stream()).toList();
    }
}
