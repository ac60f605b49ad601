package dev.millwright.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.MillwrightException;
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
 * @param report JSON of a {@link DatasetReport}
 * @param restored what it brought back, if it was made by rolling back
 */
record SnapshotSummary(
        String step,
        long rowsRead,
        long rows,
        long quarantined,
        Optional<String> quarantineFile,
        Optional<String> contract,
        String report,
        Optional<Restored> restored) {
    /** An earlier snapshot whose rows are the newest again. */
    record Restored(long snapshot, String reason) {}

    private static final String OURS = "millwright.";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STEP = "millwright.step";
    private static final String ROWS_READ = "millwright.rows-read";
    private static final String ROWS = "millwright.rows";
    private static final String QUARANTINED = "millwright.quarantined";
    private static final String QUARANTINE_FILE = "millwright.quarantine-file";
    private static final String CONTRACT = "millwright.contract";
    private static final String REPORT = "millwright.report";
    private static final String RESTORES = "millwright.restores";
    private static final String REASON = "millwright.reason";

    static SnapshotSummary of(
            String step, Contract contract, Ingestion.Outcome outcome, Optional<String> quarantineFile) {
        try {
            return new SnapshotSummary(
                    step,
                    outcome.staged().rowsRead(),
                    outcome.kept(),
                    outcome.quarantined(),
                    quarantineFile,
                    Optional.of(ContractJson.write(contract)),
                    JSON.writeValueAsString(outcome.report()),
                    Optional.empty());
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
                        properties.getOrDefault(REPORT, ""),
                        Optional.ofNullable(properties.get(RESTORES))
                                .map(restored ->
                                        new Restored(Long.parseLong(restored), properties.getOrDefault(REASON, "")))));
    }

    /** What a snapshot says that brings an earlier one back: all that this one said, whoever wrote it there. */
    static Map<String, String> restoring(Snapshot earlier, String step, String reason) {
        Map<String, String> properties = new LinkedHashMap<>();
        earlier.summary().forEach((key, value) -> {
            if (key.startsWith(OURS)) {
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
        properties.put(REPORT, report);
        return properties;
    }

    Contract parsedContract() {
        return contract.map(ContractJson::read).orElse(Contract.NONE);
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
