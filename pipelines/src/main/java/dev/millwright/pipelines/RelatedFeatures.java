package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import dev.millwright.pipelines.PipelineFile.Related;
import dev.millwright.plan.SqlNames;
import dev.millwright.plan.TableShape;
import dev.millwright.plan.ViewText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Features that a view could have from tables that are related to its own, each of them feature SQL: what rows of other tables that refer to the same
 * thing come to, what the view's own earlier rows do, and the columns of what its rows refer to. All of it as it was before the row's timestamp. The
 * functions are those of deep feature synthesis (Kanter and Veeramachaneni 2015).
 */
final class RelatedFeatures {
    private static final Duration INSTANT = Duration.ofSeconds(1);
    private static final List<String> AGGREGATES = List.of("mean", "sum", "min", "max", "std");

    private final ViewText view;
    private final Basis basis;
    private final Related how;
    private final Map<String, TableShape> tables;
    private final List<Relation> relations;
    private final Set<String> taken;
    private final List<Candidate> candidates = new ArrayList<>();

    /**
     * Whose rows get the features.
     *
     * @param table the view's own
     * @param timestamp a column of it, as the view writes it
     * @param entity a column of it
     * @param taken names, in lower case, that mean something else in the view
     * @param label columns that the label is computed from, as {@code table.column}
     */
    record Basis(TableShape table, String timestamp, Optional<String> entity, Set<String> label, Set<String> taken) {}

    /**
     * A feature that could be.
     *
     * @param group of what it is made in the same way
     * @param item what stands in SELECT
     * @param link the look-up that it needs
     * @param columns of that look-up that it needs, each {@code expression AS name}
     * @param windows back to which the look-up is made a second time
     */
    private record Candidate(
            String name, String group, String item, Optional<Link> link, List<String> columns, Set<Duration> windows) {}

    /**
     * A look-up in another table.
     *
     * @param key a column of {@code table}
     * @param own the column of the view's table that equals it
     * @param others tables without a time that rows of {@code table} refer to: alias to the text of the join
     */
    private record Link(TableShape table, String key, String own, Map<String, String> others) {
        private String name() {
            return plain("related_" + table.dataset() + "_by_" + key);
        }
    }

    private RelatedFeatures(
            ViewText view, Basis basis, Related how, List<Relation> relations, Map<String, TableShape> tables) {
        this.view = view;
        this.basis = basis;
        this.how = how;
        this.relations = relations;
        this.tables = tables;
        this.taken = new HashSet<>(basis.taken());
    }

    /** All that could be; one after the other of each look-up and each key, so that the first have some of all. */
    static RelatedFeatures of(
            ViewText view, Basis basis, Related how, List<Relation> relations, Map<String, TableShape> tables) {
        RelatedFeatures features = new RelatedFeatures(view, basis, how, relations, tables);
        features.own();
        features.children();
        features.parents();
        features.mix();
        return features;
    }

    private void mix() {
        Map<String, Integer> places = new HashMap<>();
        List<Integer> ranks = candidates.stream()
                .map(candidate -> places.merge(candidate.group(), 1, Integer::sum))
                .toList();
        List<Candidate> mixed = IntStream.range(0, candidates.size())
                .boxed()
                .sorted(Comparator.comparing(ranks::get))
                .map(candidates::get)
                .toList();
        candidates.clear();
        candidates.addAll(mixed);
    }

    /** That rows of one table refer to rows of another. */
    record Relation(String table, String column, String other, String otherColumn) {
        boolean isFrom(String dataset) {
            return table.equalsIgnoreCase(dataset);
        }

        boolean isTo(String dataset) {
            return other.equalsIgnoreCase(dataset);
        }
    }

    /** The names of the features that are looked at. */
    List<String> names() {
        return chosen().stream().map(Candidate::name).toList();
    }

    /** How many there could be. */
    int count() {
        return candidates.size();
    }

    private List<Candidate> chosen() {
        return candidates.subList(0, Math.min(how.limit(), candidates.size()));
    }

    /** The view with these features. */
    String sql(Collection<String> names) {
        List<Candidate> wanted = chosen().stream()
                .filter(candidate -> names.contains(candidate.name()))
                .toList();
        Map<Link, Set<String>> columns = new LinkedHashMap<>();
        Map<Link, Set<Duration>> windows = new LinkedHashMap<>();
        wanted.forEach(candidate -> candidate.link().ifPresent(link -> {
            columns.computeIfAbsent(link, absent -> new LinkedHashSet<>()).addAll(candidate.columns());
            windows.computeIfAbsent(link, absent -> new LinkedHashSet<>()).addAll(candidate.windows());
        }));
        List<String> ctes = new ArrayList<>();
        List<String> joins = new ArrayList<>();
        columns.forEach((link, needed) -> {
            ctes.add(cte(link, needed));
            joins.add(join(link, link.name(), ""));
            windows.getOrDefault(link, Set.of())
                    .forEach(window -> joins.add(join(link, past(link, window), " + " + interval(window))));
        });
        return view.with(ctes, wanted.stream().map(Candidate::item).toList(), joins);
    }

    private static String cte(Link link, Set<String> columns) {
        List<String> all = new ArrayList<>();
        all.add("x." + written(link.key()) + " AS " + link.name() + "_key");
        link.table().time().ifPresent(time -> all.add("x." + written(time) + " AS " + link.name() + "_time"));
        all.addAll(columns);
        String history = columns.stream().anyMatch(column -> column.contains(" OVER history "))
                ? "\n  WINDOW history AS (PARTITION BY x." + written(link.key()) + " ORDER BY x."
                        + written(link.table().time().orElseThrow()) + ")"
                : "";
        StringBuilder from = new StringBuilder(written(link.table().dataset())).append(" x");
        link.others().forEach((alias, join) -> {
            if (columns.stream().anyMatch(column -> column.contains(alias + "."))) {
                from.append(' ').append(join);
            }
        });
        return link.name() + " AS (\n  SELECT " + String.join(",\n         ", all) + "\n  FROM " + from + history
                + "\n)";
    }

    private String join(Link link, String alias, String later) {
        String named = alias.equals(link.name()) ? alias : link.name() + " AS " + alias;
        String on = " ON " + view.alias() + "." + written(link.own()) + " = " + alias + "." + link.name() + "_key";
        return link.table().time().isEmpty()
                ? "LEFT JOIN " + named + on
                : "LEFT ASOF JOIN " + named + " MATCH_CONDITION " + basis.timestamp() + " > " + alias + "."
                        + link.name() + "_time" + later + on;
    }

    private static String past(Link link, Duration window) {
        return link.name() + "_" + label(window);
    }

    /** What earlier rows of the view's own table come to, for the same entity or the same thing that they refer to. */
    private void own() {
        Set<String> keys = new LinkedHashSet<>();
        basis.entity().ifPresent(keys::add);
        if (how.depth() > 1) {
            relations.stream()
                    .filter(relation -> relation.isFrom(basis.table().dataset()))
                    .forEach(relation -> keys.add(relation.column()));
        }
        for (String key : keys) {
            String partition = "(PARTITION BY " + view.alias() + "." + written(key) + " ORDER BY " + basis.timestamp();
            addOwn(
                    key,
                    "minutes_since",
                    "TIMESTAMPDIFF(MINUTE, LAG(" + basis.timestamp() + ") OVER " + partition + "), " + basis.timestamp()
                            + ")");
            for (Duration window : how.windows()) {
                addOwn(key, "count_" + label(window), "COUNT(*) OVER " + frame(partition, window, INSTANT));
                for (Column column : basis.table().schema().columns()) {
                    gap(basis.table(), column, keys).ifPresent(gap -> {
                        String value = number(view.alias(), column);
                        for (String aggregate : AGGREGATES) {
                            addOwn(
                                    key,
                                    column.name() + "_" + aggregate + "_" + label(window),
                                    call(aggregate, value) + " OVER " + frame(partition, window.plus(gap), gap));
                        }
                    });
                }
            }
        }
    }

    private static String frame(String partition, Duration from, Duration gap) {
        return partition + " RANGE BETWEEN " + interval(from) + " PRECEDING AND " + interval(gap) + " PRECEDING)";
    }

    /** How long after a row its value is known; empty for a column that isn't summed up. */
    private Optional<Duration> gap(TableShape table, Column column, Set<String> keys) {
        boolean number = column.type().isNumeric() || column.type() == ColumnType.BOOLEAN;
        if (!number || keys.stream().anyMatch(column.name()::equalsIgnoreCase)) {
            return Optional.empty();
        }
        return switch (table.knownAfter(column.name()).orElse(null)) {
            case null -> isOfLabel(table, column) ? Optional.empty() : Optional.of(INSTANT);
            case KnownAfter.After(Duration after) -> Optional.of(after.compareTo(INSTANT) > 0 ? after : INSTANT);
            case KnownAfter.At _ -> Optional.empty();
        };
    }

    private boolean isOfLabel(TableShape table, Column column) {
        return basis.label().contains((table.dataset() + "." + column.name()).toLowerCase(Locale.ROOT));
    }

    /** What rows of other tables come to that refer to the view's row, or to the same thing as it does. */
    private void children() {
        String own = basis.table().dataset();
        for (Relation relation : relations) {
            TableShape table = tables.get(relation.table().toLowerCase(Locale.ROOT));
            if (table == null || relation.isFrom(own) || table.time().isEmpty()) {
                continue;
            }
            if (relation.isTo(own)) {
                aggregates(link(table, relation.column(), relation.otherColumn()));
            }
            relations.stream()
                    .filter(mine -> how.depth() > 1
                            && mine.isFrom(own)
                            && mine.isTo(relation.other())
                            && mine.otherColumn().equalsIgnoreCase(relation.otherColumn()))
                    .forEach(mine -> aggregates(link(table, relation.column(), mine.column())));
        }
    }

    private Link link(TableShape table, String key, String own) {
        Map<String, String> others = new LinkedHashMap<>();
        if (how.depth() > 1) {
            relations.stream()
                    .filter(relation -> relation.isFrom(table.dataset())
                            && !relation.column().equalsIgnoreCase(key)
                            && !relation.isTo(basis.table().dataset()))
                    .filter(relation -> Optional.ofNullable(
                                    tables.get(relation.other().toLowerCase(Locale.ROOT)))
                            .filter(other -> other.time().isEmpty())
                            .isPresent())
                    .forEach(relation -> others.put(
                            "of_" + relation.column(),
                            "LEFT JOIN " + written(relation.other()) + " of_" + relation.column() + " ON x."
                                    + written(relation.column()) + " = of_" + relation.column() + "."
                                    + written(relation.otherColumn())));
        }
        return new Link(table, key, own, others);
    }

    private void aggregates(Link link) {
        String prefix = plain(link.table().dataset() + "_of_" + link.key());
        String count = "COUNT(*) OVER history AS " + prefix + "_n";
        String counted = prefix + "_n";
        add(prefix + "_count", "COALESCE(" + now(link, counted) + ", 0)", link, List.of(count), Set.of());
        add(
                prefix + "_minutes_since",
                "TIMESTAMPDIFF(MINUTE, " + now(link, link.name() + "_time") + ", " + basis.timestamp() + ")",
                link,
                List.of(),
                Set.of());
        how.windows()
                .forEach(window -> add(
                        prefix + "_count_" + label(window),
                        since(link, counted, window),
                        link,
                        List.of(count),
                        Set.of(window)));
        Set<String> keys = new LinkedHashSet<>(Set.of(link.key()));
        relations.stream()
                .filter(relation -> relation.isFrom(link.table().dataset()))
                .forEach(relation -> keys.add(relation.column()));
        for (Column column : link.table().schema().columns()) {
            if (gap(link.table(), column, keys).filter(INSTANT::equals).isPresent()) {
                aggregates(link, prefix + "_" + plain(column.name()), number("x", column));
            } else if (column.type() == ColumnType.VARCHAR
                    && !keys.contains(column.name())
                    && link.table().knownAfter(column.name()).isEmpty()
                    && !isOfLabel(link.table(), column)) {
                last(link, prefix + "_" + plain(column.name()), "x." + written(column.name()));
            }
        }
        otherColumns(link, prefix);
    }

    /** Numbers of the things that rows of the table refer to. */
    private void otherColumns(Link link, String prefix) {
        for (Relation relation : relations) {
            TableShape other = tables.get(relation.other().toLowerCase(Locale.ROOT));
            if (!relation.isFrom(link.table().dataset())
                    || other == null
                    || !link.others().containsKey("of_" + relation.column())) {
                continue;
            }
            other.schema().columns().stream()
                    .filter(column -> gap(other, column, Set.of(relation.otherColumn()))
                            .filter(INSTANT::equals)
                            .isPresent())
                    .forEach(column -> aggregates(
                            link,
                            prefix + "_" + relation.other() + "_" + plain(column.name()),
                            number("of_" + relation.column(), column)));
        }
    }

    private void aggregates(Link link, String name, String value) {
        for (String aggregate : AGGREGATES) {
            String column = name + "_" + aggregate;
            add(
                    column,
                    now(link, column),
                    link,
                    List.of(call(aggregate, value) + " OVER history AS " + column),
                    Set.of());
        }
        last(link, name, value);
        String sum = call("sum", value) + " OVER history AS " + name + "_sum";
        String count = "COUNT(" + value + ") OVER history AS " + name + "_n";
        for (Duration window : how.windows()) {
            String rows = since(link, name + "_n", window);
            String total = since(link, name + "_sum", window);
            add(
                    name + "_mean_" + label(window),
                    "CASE WHEN " + rows + " > 0 THEN (" + total + ") / (" + rows + ") END",
                    link,
                    List.of(sum, count),
                    Set.of(window));
            add(name + "_sum_" + label(window), total, link, List.of(sum), Set.of(window));
        }
    }

    private void last(Link link, String name, String value) {
        add(name + "_last", now(link, name + "_last"), link, List.of(value + " AS " + name + "_last"), Set.of());
    }

    /** The columns of what the view's rows refer to. */
    private void parents() {
        for (Relation relation : relations) {
            TableShape other = tables.get(relation.other().toLowerCase(Locale.ROOT));
            if (other == null
                    || !relation.isFrom(basis.table().dataset())
                    || relation.isTo(basis.table().dataset())) {
                continue;
            }
            Link link = new Link(other, relation.otherColumn(), relation.column(), Map.of());
            for (Column column : other.schema().columns()) {
                boolean feature = column.type() != ColumnType.TIMESTAMP
                        && !column.name().equalsIgnoreCase(relation.otherColumn())
                        && other.knownAfter(column.name()).isEmpty()
                        && !isOfLabel(other, column);
                if (feature) {
                    String name = plain(relation.column() + "_" + column.name());
                    String value = "x." + written(column.name());
                    add(name, now(link, name), link, List.of(value + " AS " + name), Set.of());
                }
            }
        }
    }

    private static String now(Link link, String column) {
        return link.name() + "." + column;
    }

    /** A running total less what it was when the window began. */
    private static String since(Link link, String column, Duration window) {
        return "COALESCE(" + now(link, column) + ", 0) - COALESCE(" + past(link, window) + "." + column + ", 0)";
    }

    private void addOwn(String key, String rest, String value) {
        add(plain(key + "_" + rest), key, value, Optional.empty(), List.of(), Set.of());
    }

    private void add(String name, String value, Link link, List<String> columns, Set<Duration> windows) {
        add(name, link.name() + " " + link.own(), value, Optional.of(link), columns, windows);
    }

    private void add(
            String name, String group, String value, Optional<Link> link, List<String> columns, Set<Duration> windows) {
        if (taken.add(name.toLowerCase(Locale.ROOT))) {
            candidates.add(new Candidate(name, group, value + " AS " + name, link, columns, windows));
        }
    }

    private static String call(String aggregate, String value) {
        return switch (aggregate) {
            case "mean" -> "AVG(" + value + ")";
            case "std" -> "STDDEV_SAMP(" + value + ")";
            default -> aggregate.toUpperCase(Locale.ROOT) + "(" + value + ")";
        };
    }

    private static String number(String alias, Column column) {
        String value = alias + "." + written(column.name());
        return column.type() == ColumnType.BOOLEAN
                ? "CASE WHEN " + value + " THEN 1.0 WHEN NOT " + value + " THEN 0.0 END"
                : "CAST(" + value + " AS DOUBLE)";
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9_]", "_");
    }

    private static String written(String name) {
        return SqlNames.written(name);
    }

    private static String interval(Duration length) {
        if (length.toSeconds() % 86_400 == 0) {
            return "INTERVAL '" + length.toDays() + "' DAY";
        }
        return length.toSeconds() % 3_600 == 0
                ? "INTERVAL '" + length.toHours() + "' HOUR"
                : "INTERVAL '" + length.toSeconds() + "' SECOND";
    }

    private static String label(Duration length) {
        return length.toSeconds() % 86_400 == 0 ? length.toDays() + "d" : length.toHours() + "h";
    }
}
