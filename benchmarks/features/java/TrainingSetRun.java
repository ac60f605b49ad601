import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import dev.millwright.data.DuckDb;
import dev.millwright.data.LabelTiming;
import dev.millwright.data.SplitSpec;
import dev.millwright.data.TrainingSetRequest;
import dev.millwright.data.TrainingSetWriter;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.plan.FeatureQuery;
import dev.millwright.plan.LabelExpression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/** Writes a training set as a run does: java TrainingSetRun.java EVENTS.parquet VIEW.sql OUT.parquet MEMORY_MB THREADS */
final class TrainingSetRun {
    public static void main(String[] args) throws Exception {
        Path events = Path.of(args[0]).toAbsolutePath();
        Path out = Path.of(args[2]).toAbsolutePath();
        Schema schema = Schema.of(
                new Column("entity", ColumnType.BIGINT),
                new Column("ts", ColumnType.TIMESTAMP),
                new Column("amount", ColumnType.DOUBLE));
        Problem.Position start = new Problem.Position("view.sql", 1, 1);
        FeaturePlan plan = FeaturePlanner.plan(
                new FeatureQuery(
                        Files.readString(Path.of(args[1])),
                        start,
                        ZoneOffset.UTC,
                        Optional.of("entity"),
                        Optional.of("ts"),
                        Optional.of(new LabelExpression("amount > 50", start))),
                Map.of("events", schema));
        String table = "read_parquet('" + events + "')";
        long began = System.nanoTime();
        try (DuckDb duck = new DuckDb(new DuckDb.Settings(
                Long.parseLong(args[3]), Integer.parseInt(args[4]), out.resolveSibling("spill")))) {
            var info = new TrainingSetWriter(duck)
                    .write(
                            new TrainingSetRequest(
                                    plan.stagedQuery(_ -> table),
                                    plan.labelAnd(Optional.of("ts")).orElseThrow().stagedQuery(_ -> table),
                                    LabelTiming.AT_ONCE,
                                    ColumnType.BOOLEAN,
                                    Optional.empty(),
                                    new SplitSpec.ByTime("ts", 0.2, 0.2),
                                    Optional.of("ts"),
                                    out),
                            Progress.NONE);
            System.out.println("{\"seconds\": " + (System.nanoTime() - began) / 1e9 + ", \"rows\": " + info.rows() + "}");
        }
    }
}
