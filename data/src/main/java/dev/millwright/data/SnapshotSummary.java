package dev.millwright.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;

/**
 * What a snapshot says of the version that it is, in Iceberg's summary.
 *
 * @param step the key of the step that made it
 * @param quarantineFile from the table's folder; empty when no row was set aside
 * @param contract JSON of a {@link Contract}; empty for one that was made when contracts were not kept
 * @param reading JSON of a {@link Reading}; empty for one that was made when that was not kept
 * @param report JSON of a {@link DatasetReport}
 * @param repairs of rows of its source, if there are any
 * @param replays what it replayed, if it was made by that
 * @param restored what it brought back, if it was made by rolling back
 * @param replaced the snapshot of the same version in whose place it is, if its files were written anew
 * @param place among the versions, for one that has another place than its sequence number says
 */
record SnapshotSummary(
        String step,
        long rowsRead,
        long rows,
        long quarantined,
        Optional<String> quarantineFile,
        Optional<String> contract,
        Optional<String> reading,
        String report,
        Optional<StoredRepairs> repairs,
        Optional<Replays> replays,
        Optional<Restored> restored,
        Optional<Replaced> replaced,
        Optional<Long> place) {
    /** An earlier snapshot whose rows are the newest again. */
    record Restored(long snapshot, String reason) {}

    /** A snapshot that held the version before. */
    record Replaced(long snapshot, String cause) {}

    /**
     * Repaired rows.
     *
     * @param file from the table's folder
     * @param mark a hash of what they hold
     */
    record StoredRepairs(String file, String mark) {}

    /**
     * An earlier snapshot to which rows were added that had been set aside.
     *
     * @param mark tells this from other replays of that snapshot
     */
    record Replays(long snapshot, String mark) {}

    private static final String OURS = "millwright.";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STEP = "millwright.step";
    private static final String ROWS_READ = "millwright.rows-read";
    private static final String ROWS = "millwright.rows";
    private static final String QUARANTINED = "millwright.quarantined";
    private static final String QUARANTINE_FILE = "millwright.quarantine-file";
    private static final String CONTRACT = "millwright.contract";
    private static final String READING = "millwright.reading";
    private static final String REPORT = "millwright.report";
    private static final String REPAIRS_FILE = "millwright.repairs-file";
    private static final String REPAIRS_MARK = "millwright.repairs-mark";
    private static final String REPLAYS = "millwright.replays";
    private static final String REPLAY_MARK = "millwright.replay-mark";
    private static final String RESTORES = "millwright.restores";
    private static final String REASON = "millwright.reason";
    private static final String REPLACES = "millwright.replaces";
    private static final String CAUSE = "millwright.cause";
    private static final String PLACE = "millwright.place";

    static SnapshotSummary of(
            String step,
            Reading reading,
            Ingestion.Outcome outcome,
            Optional<String> quarantineFile,
            Optional<StoredRepairs> repairs) {
        return new SnapshotSummary(
                step,
                outcome.staged().rowsRead(),
                outcome.kept(),
                outcome.quarantined(),
                quarantineFile,
                Optional.of(ContractJson.write(reading.rules().contract())),
                Optional.of(reading.json()),
                json(outcome.report()),
                repairs,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static String json(DatasetReport report) {
        try {
            return JSON.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is plain records", e);
        }
    }

    /** Empty for a snapshot that another program made. */
    static Optional<SnapshotSummary> of(Snapshot snapshot) {
        Map<String, String> properties = snapshot.summary();
        return Optional.ofNullable(properties.get(STEP))
                .map(step -> new SnapshotSummary(
                        step,
                        Long.parseLong(properties.getOrDefault(ROWS_READ, "0")),
                        Long.parseLong(properties.getOrDefault(ROWS, "0")),
                        Long.parseLong(properties.getOrDefault(QUARANTINED, "0")),
                        Optional.ofNullable(properties.get(QUARANTINE_FILE)),
                        Optional.ofNullable(properties.get(CONTRACT)),
                        Optional.ofNullable(properties.get(READING)),
                        properties.getOrDefault(REPORT, ""),
                        Optional.ofNullable(properties.get(REPAIRS_FILE))
                                .map(file -> new StoredRepairs(file, properties.getOrDefault(REPAIRS_MARK, ""))),
                        Optional.ofNullable(properties.get(REPLAYS))
                                .map(replayed -> new Replays(
                                        Long.parseLong(replayed), properties.getOrDefault(REPLAY_MARK, ""))),
                        Optional.ofNullable(properties.get(RESTORES))
                                .map(restored ->
                                        new Restored(Long.parseLong(restored), properties.getOrDefault(REASON, ""))),
                        Optional.ofNullable(properties.get(REPLACES))
                                .map(replaced ->
                                        new Replaced(Long.parseLong(replaced), properties.getOrDefault(CAUSE, ""))),
                        Optional.ofNullable(properties.get(PLACE)).map(Long::valueOf)));
    }

    /** What a snapshot says that brings an earlier one back: all that this one said, whoever wrote it there. */
    static Map<String, String> restoring(Snapshot earlier, String step, String reason) {
        Map<String, String> properties = ours(earlier);
        properties.keySet().removeAll(List.of(REPLACES, CAUSE, PLACE, REPLAYS, REPLAY_MARK));
        properties.put(STEP, step);
        properties.put(RESTORES, Long.toString(earlier.snapshotId()));
        properties.put(REASON, reason);
        return properties;
    }

    /** What a snapshot says that holds a version in the place of this one: the same, and that it does. */
    static Map<String, String> replacing(LakeTable.Made old, String cause) {
        Map<String, String> properties = ours(old.snapshot());
        properties.put(REPLACES, Long.toString(old.id()));
        properties.put(CAUSE, cause);
        properties.put(PLACE, Long.toString(old.place()));
        return properties;
    }

    private static Map<String, String> ours(Snapshot snapshot) {
        Map<String, String> properties = new LinkedHashMap<>();
        snapshot.summary().forEach((key, value) -> {
            if (key.startsWith(OURS)) {
                properties.put(key, value);
            }
        });
        return properties;
    }

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(STEP, step);
        properties.put(ROWS_READ, Long.toString(rowsRead));
        properties.put(ROWS, Long.toString(rows));
        properties.put(QUARANTINED, Long.toString(quarantined));
        quarantineFile.ifPresent(file -> properties.put(QUARANTINE_FILE, file));
        contract.ifPresent(json -> properties.put(CONTRACT, json));
        reading.ifPresent(json -> properties.put(READING, json));
        properties.put(REPORT, report);
        repairs.ifPresent(stored -> {
            properties.put(REPAIRS_FILE, stored.file());
            properties.put(REPAIRS_MARK, stored.mark());
        });
        replays.ifPresent(replayed -> {
            properties.put(REPLAYS, Long.toString(replayed.snapshot()));
            properties.put(REPLAY_MARK, replayed.mark());
        });
        return properties;
    }

    /** @param folder of the dataset */
    Optional<Repairs> repairs(Path folder) {
        return repairs.map(stored ->
                new Repairs(folder.resolve(stored.file()), stored.mark(), quarantineFile.map(folder::resolve)));
    }

    Contract parsedContract() {
        return contract.map(ContractJson::read).orElse(Contract.NONE);
    }

    Optional<Reading> parsedReading() {
        return reading.map(json -> Reading.read(json, parsedContract()));
    }

    DatasetReport parsedReport() {
        try {
            return JSON.readValue(report, DatasetReport.class);
        } catch (JsonProcessingException e) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED, "step " + step + ": the report of its version is broken", e);
        }
    }
}
