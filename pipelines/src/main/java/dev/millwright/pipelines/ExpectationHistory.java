package dev.millwright.pipelines;

import dev.millwright.data.DatasetReport;
import dev.millwright.data.ExpectationResult;
import dev.millwright.data.Measure;
import dev.millwright.data.Measurement;
import dev.millwright.data.OnViolation;
import dev.millwright.registry.RecordedDataset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the expectations on a dataset fared, version by version.
 *
 * @param versions whose rows are still there, the oldest first
 * @param expectations of the newest version in the order of the pipeline file, then those that are checked no more
 */
public record ExpectationHistory(String dataset, List<Version> versions, List<Line> expectations) {
    public ExpectationHistory {
        versions = List.copyOf(versions);
        expectations = List.copyOf(expectations);
    }

    /** A version, and how many rows it has. */
    public record Version(int version, Instant recorded, long rowsRead, long rows, long quarantined) {}

    /**
     * One expectation. It stays the same one when its bound changes, so that it is one line over all versions.
     *
     * @param check as it was written last
     * @param measure what it holds to a bound; of a check of rows the check itself
     * @param severity it had last
     * @param points one for each version that it was checked in, the oldest first
     */
    public record Line(String check, String measure, Measure.Unit unit, OnViolation severity, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }

        /** What it found in a version; empty when it was not checked in it. */
        public Optional<Point> in(int version) {
            return points.stream().filter(point -> point.version() == version).findFirst();
        }
    }

    /**
     * What an expectation found in a version.
     *
     * @param check as it was written then
     * @param value null when there was nothing to measure
     * @param least the smallest value that held, or its end; null when there was none
     * @param most the largest one, likewise
     * @param examples a few offending values with their lines
     */
    public record Point(
            int version,
            Instant recorded,
            String check,
            boolean passed,
            @Nullable Double value,
            @Nullable Double least,
            @Nullable Double most,
            String note,
            List<String> examples) {
        public Point {
            examples = List.copyOf(examples);
        }
    }

    /**
     * Of all versions of a dataset.
     *
     * @throws dev.millwright.core.MillwrightException when there is no such dataset
     */
    public static ExpectationHistory of(DatasetStore store, String dataset) {
        List<RecordedDataset> recorded = store.registry().datasets().history(dataset);
        Map<Long, DatasetReport> reports = store.lake().reports(dataset);
        List<Version> versions = new ArrayList<>();
        Map<String, List<Found>> lines = new LinkedHashMap<>();
        for (RecordedDataset version : recorded) {
            DatasetReport report = reports.get(version.snapshot());
            if (report != null) {
                versions.addFirst(version(version));
                keyed(report)
                        .forEach((key, result) -> lines.computeIfAbsent(key, _ -> new ArrayList<>())
                                .addFirst(new Found(version, result)));
            }
        }
        return new ExpectationHistory(
                dataset,
                versions,
                lines.values().stream().map(ExpectationHistory::line).toList());
    }

    private record Found(RecordedDataset version, ExpectationResult result) {
        Point point() {
            Measurement measurement = result.measurement();
            return new Point(
                    version.version(),
                    version.recorded(),
                    result.name(),
                    result.passed(),
                    measurement.value(),
                    measurement.least(),
                    measurement.most(),
                    measurement.note(),
                    result.examples());
        }
    }

    /** Results by what they measure; of several with one measure the second has a number, and so on. */
    private static Map<String, ExpectationResult> keyed(DatasetReport report) {
        Map<String, ExpectationResult> keyed = new LinkedHashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        for (ExpectationResult result : report.expectations()) {
            String measure = result.measurement().what();
            int times = seen.merge(measure, 1, Integer::sum);
            keyed.put(times + " " + measure, result);
        }
        return keyed;
    }

    private static Version version(RecordedDataset version) {
        return new Version(
                version.version(), version.recorded(), version.rowsRead(), version.rows(), version.quarantined());
    }

    private static Line line(List<Found> found) {
        ExpectationResult last = found.getLast().result();
        return new Line(
                last.name(),
                last.measurement().what(),
                last.measurement().unit(),
                last.severity(),
                found.stream().map(Found::point).toList());
    }
}
