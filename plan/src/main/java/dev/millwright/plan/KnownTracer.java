package dev.millwright.plan;

import dev.millwright.core.KnownAfter;
import dev.millwright.core.Schema;
import dev.millwright.plan.Expression.FloorTime;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Later.Through;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.AsOf;
import dev.millwright.plan.Relation.Assignment;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.KeyPair;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.ScanColumn;
import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.Relation.Windowed;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds when the columns of a relation become known, in terms of the row's own timestamps, from what is known of the datasets. A
 * window moves that forward by its gap, an as-of join to the row that looks up; groups and other joins lose it. Not thread-safe.
 */
final class KnownTracer {
    private final Map<String, TableShape> tables = new HashMap<>();
    private final Moments moments = new Moments();
    private final ZoneId zone;
    private final Optional<Scan> base;
    private final Optional<Field> timestamp;

    /**
     * When the values of a relation become known; what isn't named is known at once.
     *
     * @param rows when it is known which rows there are
     */
    record Known(Map<Field, Set<Later>> fields, Set<Later> rows) {
        Set<Later> of(Field field) {
            return fields.getOrDefault(field, Set.of());
        }
    }

    /** @param timestamp what stands for the time of the base table's rows, where the table has none */
    KnownTracer(List<TableShape> shapes, Relation root, Optional<Field> timestamp, ZoneId zone) {
        this.zone = zone;
        shapes.forEach(shape -> tables.put(shape.dataset(), shape));
        this.base = QueryTranslator.areGroups(root) ? Optional.empty() : Optional.of(QueryTranslator.base(root));
        this.timestamp = timestamp;
        define(root);
    }

    Moments moments() {
        return moments;
    }

    private void define(Relation relation) {
        switch (relation) {
            case Scan scan -> order(scan);
            case Project project -> {
                define(project.input());
                project.assignments().forEach(moments::define);
            }
            case Filter filter -> define(filter.input());
            case Windowed windowed -> define(windowed.input());
            case Aggregate aggregate -> {
                define(aggregate.input());
                aggregate.keys().forEach(moments::define);
                aggregate.keys().forEach(key -> orderPeriods(key.value()));
            }
            case Lookup lookup -> {
                define(lookup.left());
                define(lookup.right());
                order(lookup);
            }
        }
    }

    /** Nothing of a row is known at a moment before the row happened. */
    private void order(Scan scan) {
        TableShape shape = shape(scan);
        shape.time()
                .map(scan::field)
                .ifPresent(time -> shape.known().values().stream()
                        .flatMap(
                                after -> after instanceof KnownAfter.At(String name) ? Stream.of(name) : Stream.empty())
                        .distinct()
                        .forEach(name -> moments.order(new Ref(time), new Ref(scan.field(name)))));
    }

    /** Nothing in a day is later than the end of the day. */
    private void orderPeriods(Expression expression) {
        if (expression instanceof FloorTime floor) {
            Moment end = moments.of(floor).plus(floor.unit().longest(zone));
            moments.order(floor.operand(), end);
        }
        expression.children().forEach(this::orderPeriods);
    }

    private TableShape shape(Scan scan) {
        return Optional.ofNullable(tables.get(scan.dataset()))
                .orElseGet(() -> TableShape.of(scan.dataset(), new Schema(List.of())));
    }

    private void order(Lookup lookup) {
        lookup.asOf().ifPresent(asOf -> moments.order(asOf.right(), asOf.left()));
        for (KeyPair key : lookup.keys()) {
            if (key.left().type() == ValueType.TIMESTAMP) {
                moments.order(key.right(), key.left());
            }
        }
    }

    Known trace(Relation relation) {
        return switch (relation) {
            case Scan scan -> scan(scan);
            case Project project -> project(project);
            case Filter filter -> filter(filter);
            case Windowed windowed -> windowed(windowed);
            case Aggregate aggregate -> aggregate(aggregate);
            case Lookup lookup -> lookup(lookup);
        };
    }

    private Known scan(Scan scan) {
        TableShape shape = shape(scan);
        Map<Field, Set<Later>> fields = new HashMap<>();
        for (ScanColumn column : scan.columns()) {
            shape.knownAfter(column.column())
                    .ifPresent(after -> fields.put(
                            column.field(), Set.of(later(scan, shape, Optional.of(column.column()), after))));
        }
        Stream<Later> rows = shape.time().stream()
                .map(time -> later(scan, shape, Optional.empty(), new KnownAfter.After(Duration.ZERO)));
        return new Known(fields, union(rows, Stream.empty()));
    }

    private Later later(Scan scan, TableShape shape, Optional<String> column, KnownAfter after) {
        boolean isBase = base.filter(scan::equals).isPresent();
        String time = shape.time()
                .or(() -> timestamp.filter(field -> isBase).map(Field::name))
                .orElse("its row");
        Later.Source source = new Later.Source(scan.dataset(), column, after, time);
        Optional<Moment> since = switch (after) {
            case KnownAfter.At(String name) -> Optional.of(moments.of(new Ref(scan.field(name))));
            case KnownAfter.After(Duration length) ->
                shape.time()
                        .map(scan::field)
                        .or(() -> timestamp.filter(field -> isBase))
                        .map(field -> moments.of(new Ref(field)).plus(Lengths.micros(length)));
        };
        return new Later(source, since, since.isPresent() ? Optional.empty() : Optional.of(new Through.Untimed()));
    }

    private Set<Later> of(Expression expression, Known known) {
        Set<Later> parts = expression instanceof Ref(Field field)
                ? known.of(field)
                : union(expression.children().stream().flatMap(child -> of(child, known).stream()), Stream.empty());
        return timestampOf(expression)
                .map(moment -> union(parts.stream().map(later -> later.since(moment)), Stream.empty()))
                .orElse(parts);
    }

    /** The view's timestamp, where the expression is it or differs by a constant: whatever it is computed from, it is known then. */
    private Optional<Moment> timestampOf(Expression expression) {
        return timestamp
                .filter(field -> expression.type() == ValueType.TIMESTAMP)
                .map(field -> moments.of(new Ref(field)))
                .filter(moment -> moment.clock().equals(moments.of(expression).clock()));
    }

    private Known project(Project project) {
        Known input = trace(project.input());
        Map<Field, Set<Later>> fields = new HashMap<>();
        project.assignments().forEach(assignment -> fields.put(assignment.field(), of(assignment.value(), input)));
        return new Known(fields, input.rows());
    }

    private Known filter(Filter filter) {
        Known input = trace(filter.input());
        Through here = new Through.Condition(filter);
        Stream<Later> condition = of(filter.condition(), input).stream().map(later -> later.through(here));
        return new Known(input.fields(), union(input.rows().stream(), condition));
    }

    private Known windowed(Windowed windowed) {
        Known input = trace(windowed.input());
        Map<Field, Set<Later>> fields = new HashMap<>(input.fields());
        windowed.calls().forEach(call -> fields.put(call.aggregate().field(), window(call, input)));
        return new Known(fields, input.rows());
    }

    /** Of the rows in the frame count their values and which rows there are; of the row itself what places its frame. */
    private Set<Later> window(WindowCall call, Known input) {
        Through here = new Through.Window(call);
        Set<Later> own = union(
                call.window().partition().stream().flatMap(key -> of(key, input).stream()),
                of(call.window().order(), input).stream().map(later -> later.through(here)));
        Set<Later> others = union(
                Stream.concat(input.rows().stream(), own.stream()),
                call.aggregate().argument().stream().flatMap(argument -> of(argument, input).stream()));
        return union(own.stream(), others.stream().map(later -> inFrame(later, call)));
    }

    private Later inFrame(Later later, WindowCall call) {
        Moment order = moments.of(call.window().order());
        Through here = new Through.Window(call);
        Frame frame = call.window().frame();
        long gap = frame.unit() == Frame.Unit.RANGE ? frame.gap() : 0;
        if (later.since().isEmpty()) {
            return later;
        }
        OptionalLong lag = moments.lag(later.since().get(), order.clock());
        if (lag.isPresent()) {
            return later.since(new Moment(order.clock(), lag.getAsLong()).plus(-gap))
                    .through(here);
        }
        boolean joined = later.through().filter(Through.Join.class::isInstance).isPresent();
        return (joined ? later : later.through(here)).lost(); // no frame mends what a join takes from any row
    }

    /** A value of a group is only known where the group's keys say when. */
    private Known aggregate(Aggregate aggregate) {
        Known input = trace(aggregate.input());
        Map<Field, Set<Later>> fields = new HashMap<>();
        aggregate.keys().forEach(key -> fields.put(key.field(), grouped(of(key.value(), input).stream(), aggregate)));
        for (AggregateCall call : aggregate.calls()) {
            Stream<Later> values = call.argument().stream().flatMap(argument -> of(argument, input).stream());
            fields.put(call.field(), grouped(Stream.concat(values, input.rows().stream()), aggregate));
        }
        return new Known(fields, grouped(input.rows().stream(), aggregate));
    }

    private Set<Later> grouped(Stream<Later> values, Aggregate aggregate) {
        List<Moment> keys = aggregate.keys().stream()
                .map(Assignment::value)
                .filter(key -> key.type() == ValueType.TIMESTAMP)
                .map(moments::of)
                .toList();
        Through here = new Through.Groups(aggregate);
        return union(
                values.map(later -> later.since()
                        .flatMap(since -> byKey(since, keys))
                        .map(moment -> later.since(moment).through(here))
                        .orElseGet(() -> later.through(here).lost())),
                Stream.empty());
    }

    private Optional<Moment> byKey(Moment since, List<Moment> keys) {
        return keys.stream()
                .flatMap(key -> moments.lag(since, key.clock()).stream().mapToObj(lag -> new Moment(key.clock(), lag)))
                .findFirst();
    }

    private Known lookup(Lookup lookup) {
        Known left = trace(lookup.left());
        Known right = trace(lookup.right());
        Through here = new Through.Join(lookup);
        Stream<Later> keys = lookup.keys().stream().flatMap(key -> of(key.right(), right).stream());
        Stream<Later> matched = lookup.asOf().map(AsOf::right).stream().flatMap(time -> of(time, right).stream());
        Set<Later> chosen = union(Stream.concat(keys, matched), right.rows().stream()).stream()
                .map(later -> later.through(here))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Later> choosing = union(
                lookup.keys().stream().flatMap(key -> of(key.left(), left).stream()),
                lookup.asOf().map(AsOf::left).stream().flatMap(time -> of(time, left).stream()));
        Map<Field, Set<Later>> fields = new HashMap<>(left.fields());
        for (Field field : lookup.right().fields()) {
            Stream<Later> own = right.of(field).stream().map(later -> later.through(here));
            fields.put(field, union(Stream.concat(own, chosen.stream()), choosing.stream()));
        }
        boolean filters = lookup.kind() == JoinKind.INNER;
        return new Known(
                fields,
                filters ? union(left.rows().stream(), Stream.concat(chosen.stream(), choosing.stream())) : left.rows());
    }

    private static Set<Later> union(Stream<Later> some, Stream<Later> others) {
        return Stream.concat(some, others).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
