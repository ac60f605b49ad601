package dev.millwright.registry;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Data went from one thing into another.
 *
 * @param payload a JSON object with what is known about it
 */
public record LineageEdge(LineageNode from, LineageNode to, String payload) {

    /** Records an edge; one that is known gets the new payload. */
    static void link(Transaction transaction, LineageNode from, LineageNode to, String payload) throws SQLException {
        transaction.update(
                "INSERT INTO lineage_edges (from_kind, from_id, to_kind, to_id, payload) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (to_kind, to_id, from_kind, from_id)"
                        + " DO UPDATE SET payload = excluded.payload",
                from.kind(),
                from.id(),
                to.kind(),
                to.id(),
                payload);
    }

    static void linkFeatures(
            Transaction transaction, String runId, String view, String sqlSha256, String columnLineageJson)
            throws SQLException {
        LineageNode features = new LineageNode(LineageNode.Kind.FEATURE_VIEW, view + "@" + sqlSha256);
        List<LineageNode> datasets = transaction.list(
                "SELECT DISTINCT dataset, version FROM run_datasets WHERE run_id = ?",
                row -> LineageNode.dataset(row.getString(1), row.getInt(2)),
                runId);
        for (LineageNode dataset : datasets) {
            link(transaction, dataset, features, "{}");
        }
        Map<String, String> head = new TreeMap<>(Map.of("view", view, "sql_sha256", sqlSha256));
        String payload = Json.text(head).replaceFirst("}$", "") + ",\"columns\":" + columnLineageJson + "}";
        link(transaction, features, LineageNode.run(runId), payload);
    }
}
