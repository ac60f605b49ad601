package dev.millwright.monitoring;

import dev.millwright.monitoring.DriftReport.ColumnDrift;
import dev.millwright.monitoring.MonitorEvent.Kind;
import dev.millwright.monitoring.MonitorEvent.State;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts findings into alerts. */
final class MonitorEvents {
    private static final int COLUMNS_NAMED = 3;

    private MonitorEvents() {}

    static MonitorEvent drift(MonitorConfig config, DriftReport report, State state, Instant now) {
        List<ColumnDrift> drifted = report.drifted();
        Map<String, Double> values = new TreeMap<>();
        values.put("rows", (double) report.rows());
        values.put("psi_threshold", report.options().psiThreshold());
        values.put("largest_psi", report.largestPsi());
        drifted.forEach(column -> values.put("psi." + column.column(), column.psi()));
        String message = switch (state) {
            case OPENED ->
                drifted.size() + (drifted.size() == 1 ? " column" : " columns") + " drifted over "
                        + report.rows() + " predictions: "
                        + drifted.stream()
                                .limit(COLUMNS_NAMED)
                                .map(column ->
                                        String.format(Locale.ROOT, "%s (PSI %.2f)", column.column(), column.psi()))
                                .collect(Collectors.joining(", "))
                        + (drifted.size() > COLUMNS_NAMED ? ", …" : "");
            case CLOSED ->
                String.format(
                        Locale.ROOT,
                        "no column drifts any more over %d predictions (largest PSI %.2f)",
                        report.rows(),
                        report.largestPsi());
        };
        List<String> columns = drifted.stream().map(ColumnDrift::column).toList();
        return event(config, Kind.DRIFT, state, now, columns, values, message);
    }

    static MonitorEvent quality(MonitorConfig config, QualityReport report, State state, Instant now) {
        Map<String, Double> values = new TreeMap<>();
        values.put("value", report.value());
        values.put("lower", report.lower());
        values.put("upper", report.upper());
        values.put("limit", report.limit());
        values.put("labels", (double) report.labels());
        String message = String.format(
                Locale.ROOT,
                "%s %.4f [%.4f, %.4f] over %d labels is %s the limit %.4f",
                report.metric(),
                report.value(),
                report.lower(),
                report.upper(),
                report.labels(),
                state == State.OPENED ? "beyond" : "within",
                report.limit());
        return event(config, Kind.QUALITY, state, now, List.of(), values, message);
    }

    private static MonitorEvent event(
            MonitorConfig config,
            Kind kind,
            State state,
            Instant now,
            List<String> columns,
            Map<String, Double> values,
            String message) {
        return new MonitorEvent(
                config.endpoint(),
                config.model(),
                config.version(),
                kind,
                state,
                now,
                columns,
                values,
                message,
                config.onBreach());
    }
}
