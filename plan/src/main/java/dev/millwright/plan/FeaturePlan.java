package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A checked feature view. Immutable and thread-safe. */
public final class FeaturePlan {
    /** The name of the label's column. */
    static final String LABEL = "_label";

    /** The name of the column that says when the label is known. */
    static final String LABEL_TIME = "_label_time";

    /** The name of the column that says whether the label isn't known yet. */
    static final String PENDING = "_pending";

    /** Names that an output column can't have. */
    static final List<String> RESERVED = List.of(FromTranslator.ROW_ID, LABEL, LABEL_TIME, PENDING);

    private final Relation root;
    private final List<Field> outputs;
    private final List<Field> features;
    private final Optional<Label> label;
    private final ZoneId zone;
    private final int slots;

    /** @param time when it is known */
    record Label(Field field, LabelTime time) {}

    FeaturePlan(
            Relation root, List<Field> outputs, List<Field> features, Optional<Label> label, ZoneId zone, int slots) {
        this.root = root;
        this.outputs = List.copyOf(outputs);
        this.features = List.copyOf(features);
        this.label = label;
        this.zone = zone;
        this.slots = slots;
    }

    /** All columns of the final SELECT, in order, without the label. */
    public Schema output() {
        return new Schema(outputs.stream()
                .map(field -> new Column(field.name(), field.type().column()))
                .toList());
    }

    /** The output columns that a model takes: all but entity and timestamp, in order. */
    public List<ModelSignature.Input> features() {
        return inputs(features);
    }

    static List<ModelSignature.Input> inputs(List<Field> features) {
        return features.stream()
                .map(field -> new ModelSignature.Input(
                        field.name(),
                        field.type() == ValueType.VARCHAR
                                ? ModelSignature.InputType.TEXT
                                : ModelSignature.InputType.NUMBER))
                .toList();
    }

    /** The type of the label, if the view has one. */
    public Optional<ColumnType> labelType() {
        return label.map(found -> found.field().type().column());
    }

    /** The view with no column but the label, if there is one; without the look-ups and windows that only features need. */
    public Optional<FeaturePlan> labelOnly() {
        return labelAnd(Optional.empty());
    }

    /**
     * The view with its label and one column alone, without the look-ups and windows that only others need.
     *
     * @param column of the output, in any case
     */
    public Optional<FeaturePlan> labelAnd(Optional<String> column) {
        List<Field> kept = outputs.stream()
                .filter(field -> column.filter(field.name()::equalsIgnoreCase).isPresent())
                .toList();
        return label.map(found -> {
            Set<Field> wanted = new HashSet<>(kept);
            wanted.add(found.field());
            found.time().known().forEach(wait -> wait.forEachField(wanted::add));
            return new FeaturePlan(Pruner.prune(root, wanted), kept, List.of(), label, zone, slots);
        });
    }

    /**
     * The view with these features alone, without the columns, look-ups and windows that only others need.
     *
     * @param names of features, as they are written in the view
     */
    public FeaturePlan keeping(List<String> names) {
        List<Field> kept =
                features.stream().filter(field -> names.contains(field.name())).toList();
        List<Field> columns = outputs.stream()
                .filter(field -> kept.contains(field) || !features.contains(field))
                .toList();
        Set<Field> wanted = new HashSet<>(columns);
        label.ifPresent(found -> {
            wanted.add(found.field());
            found.time().known().forEach(wait -> wait.forEachField(wanted::add));
        });
        return new FeaturePlan(Pruner.prune(root, wanted), columns, kept, label, zone, slots);
    }

    /** Whether each row is computed from one row of the base table alone, its label too. */
    public boolean isRowByRow() {
        return isRowByRow(root) && !labelComesLater();
    }

    /** Whether the latest rows may have no label yet, since it is known only some time after them. */
    public boolean labelComesLater() {
        return label.filter(found -> !found.time().isAtOnce()).isPresent();
    }

    private static boolean isRowByRow(Relation relation) {
        return switch (relation) {
            case Relation.Scan scan -> true;
            case Relation.Project project -> isRowByRow(project.input());
            case Relation.Filter filter -> isRowByRow(filter.input());
            case Relation.Windowed windowed -> false;
            case Relation.Aggregate aggregate -> false;
            case Relation.Lookup lookup -> false;
        };
    }

    /** The datasets that are read. */
    public Set<String> tables() {
        Set<String> names = new TreeSet<>();
        scans(root).forEach(scan -> names.add(scan.dataset()));
        label.ifPresent(found -> found.time()
                .reaches()
                .forEach(reach -> scans(reach.relation()).forEach(scan -> names.add(scan.dataset()))));
        return names;
    }

    static List<Relation.Scan> scans(Relation relation) {
        return switch (relation) {
            case Relation.Scan scan -> List.of(scan);
            case Relation.Project project -> scans(project.input());
            case Relation.Filter filter -> scans(filter.input());
            case Relation.Windowed windowed -> scans(windowed.input());
            case Relation.Aggregate aggregate -> scans(aggregate.input());
            case Relation.Lookup lookup -> {
                List<Relation.Scan> both = new ArrayList<>(scans(lookup.left()));
                both.addAll(scans(lookup.right()));
                yield both;
            }
        };
    }

    /** The dataset whose rows, or groups of whose rows, are the view's rows. */
    public String baseTable() {
        return QueryTranslator.base(root).dataset();
    }

    /**
     * One DuckDB SELECT that gives the output columns, then {@code _row_id}, then {@code _label} if there is a label. Where that
     * {@linkplain #labelComesLater comes later}, {@code _label} is NULL unless it is known, {@code _pending} says whether it will be, and
     * {@code _label_time} when; that is NULL where nothing tells. Each has its declared type. A group has the smallest row id of its rows. Rows come in no particular order. The tables must have a column {@code _row_id BIGINT}, unique in the table,
     * and hold timestamps as naive {@code TIMESTAMP} in UTC.
     *
     * @param tableReference gives what stands in FROM for a dataset: a quoted name, or a call such as {@code read_parquet('…')}
     */
    public String duckDbSql(Function<String, String> tableReference) {
        return new DuckDbPrinter(zone, tableReference).print(root, outputs, label);
    }

    /**
     * The same rows as {@link #duckDbSql}, with windows left to {@link WindowStage}, which is several times as fast and needs less
     * memory.
     */
    public StagedQuery stagedQuery(Function<String, String> tableReference) {
        List<WindowStage> stages = new ArrayList<>();
        String sql = new DuckDbPrinter(zone, tableReference, Optional.of(stages)).print(root, outputs, label);
        return new StagedQuery(sql, stages);
    }

    /** Where each output column comes from, and the label last, named {@code _label}. */
    public List<ColumnLineage> lineage() {
        LineageTracer tracer = new LineageTracer(root);
        List<ColumnLineage> lineage = new ArrayList<>();
        outputs.forEach(field -> lineage.add(new ColumnLineage(field.name(), tracer.origins(field))));
        label.ifPresent(found -> lineage.add(new ColumnLineage(LABEL, tracer.origins(found.field()))));
        return lineage;
    }

    /**
     * The view for single events, without the label.
     *
     * @throws dev.millwright.core.MillwrightException with {@link PlanError#NOT_ONLINE} when a construct can't be computed so
     */
    public OnlineView onlineView() {
        return OnlinePlanner.plan(root, outputs, features, zone, slots);
    }
}
