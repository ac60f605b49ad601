package dev.millwright.data;

import dev.millwright.core.Task;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a training-set file holds.
 *
 * @param unlabelled rows of the view that were left out because they have no label
 * @param pending those of them whose label is not known yet
 * @param purged rows that were left out of a split by time because their label was known only when the test had begun
 * @param untimed rows that were left out of a split by time because they have no timestamp
 * @param validationFrom of a split by time, the instant of the first validation row
 * @param testFrom of a split by time, the instant of the first test row
 * @param classes of a classification, in the order that models use; empty for a regression
 */
public record TrainingSetInfo(
        Path path,
        Task task,
        long train,
        long validation,
        long test,
        long unlabelled,
        long pending,
        long purged,
        long untimed,
        Optional<Instant> validationFrom,
        Optional<Instant> testFrom,
        List<ClassCount> classes) {

    /** A class and its rows in each part. */
    public record ClassCount(String name, long train, long validation, long test) {
        public long rows() {
            return train + validation + test;
        }
    }

    public TrainingSetInfo {
        classes = List.copyOf(classes);
    }

    public List<String> classNames() {
        return classes.stream().map(ClassCount::name).toList();
    }

    public long rows() {
        return train + validation + test;
    }
}
