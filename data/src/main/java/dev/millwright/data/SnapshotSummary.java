package dev.millwright.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        Optional<Restored> restored) {
    /** An earlier snapshot whose rows are the newest again. */
    record Restored(long snapshot, String reason) {}

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
                                .map(replayed ->
                                        new Replays(Long.parseLong(replayed), properties.getOrDefault(REPLAY_MARK, ""))),
                        Optional.ofNullable(properties.get(RESTORES))
                                .map(restored ->
                                        new Restored(Long.parseLong(restored), properties.getOrDefault(REASON, "")))));
    }

    /** What a snapshot says that brings an earlier one back: all that this one said, whoever wrote it there. */
    static Map<String, String> restoring(Snapshot earlier, String step, String reason) {
        Map<String, String> properties = new LinkedHashMap<>();
        earlier.summary().forEach((key, value) -> {
            if (key.startsWith(OURS) && !key.equals(REPLAYS) && !key.equals(REPLAY_MARK)) {
                properties.put(key, value);
            }
        });
        properties.put(STEP, step);
        properties.put(RESTORES, Long.toString(earlier.snapshotId()));
        properties.put(REASON, reason);
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
        return repairs.map(
                stored -> new Repairs(folder.resolve(stored.file()), stored.mark(), quarantineFile.map(folder::resolve)));
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
