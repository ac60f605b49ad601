package dev.millwright.plan;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.FromTranslator.From;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.AsOf;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.KeyPair;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Turns one join into a look-up, which never multiplies the left rows. */
final class JoinTranslator {
    private final QueryTranslator queries;
    private final SqlJoin join;
    private final From left;
    private final From right;
    private final Reporter reporter;
    private final List<KeyPair> keys = new ArrayList<>();
    private final List<Expression> rightConditions = new ArrayList<>();
    private final List<Expression> leftConditions = new ArrayList<>();

    JoinTranslator(QueryTranslator queries, SqlJoin join, From left, From right) {
        this.queries = queries;
        this.join = join;
        this.left = left;
        this.right = right;
        this.reporter = queries.reporter();
    }

    From translate() {
        Scope both = left.scope().with(right.scope());
        ExpressionTranslator translator = new ExpressionTranslator(
                both, queries.zone(), reporter, CallHandler.refusing("a join condition", reporter));
        Optional<JoinKind> kind = kind();
        boolean broken = kind.isEmpty() || !conditions(translator);
        Optional<AsOf> asOf = Optional.empty();
        if (join instanceof SqlAsofJoin asOfJoin) {
            asOf = matchCondition(asOfJoin.getMatchCondition(), translator);
            broken |= asOf.isEmpty();
        }
        if (broken || both.isOpen()) {
            return new From(lookup(JoinKind.LEFT, Optional.empty()), both);
        }
        Relation lookup = lookup(kind.orElseThrow(), asOf);
        if (keys.isEmpty() && asOf.isEmpty()) {
            reporter.report(join.getRight(), "ON: no equality between the tables (expected: ON a.key = b.key)");
        }
        requireUniqueGroups(asOf);
        return new From(lookup, both);
    }

    private Optional<JoinKind> kind() {
        JoinType type = join.getJoinType();
        if (join.isNatural() || join.getConditionType() == JoinConditionType.USING) {
            reporter.report(join.getRight(), "join: NATURAL or USING (expected: ON a.key = b.key)");
            return Optional.empty();
        }
        return switch (type) {
            case INNER, ASOF -> Optional.of(JoinKind.INNER);
            case LEFT, LEFT_ASOF -> Optional.of(JoinKind.LEFT);
            default -> {
                reporter.report(
                        join.getRight(),
                        "join: " + (type == JoinType.COMMA ? "a comma" : type)
                                + " (expected: INNER JOIN, LEFT JOIN or LEFT ASOF JOIN)");
                yield Optional.empty();
            }
        };
    }

    private Relation lookup(JoinKind kind, Optional<AsOf> asOf) {
        Relation from = left.relation();
        for (Expression condition : leftConditions) {
            from = queries.places().put(new Filter(from, condition), join.getCondition());
        }
        Relation to = right.relation();
        for (Expression condition : rightConditions) {
            to = queries.places().put(new Filter(to, condition), join.getCondition());
        }
        SqlNode place = join instanceof SqlAsofJoin asOfJoin ? asOfJoin.getMatchCondition() : join.getRight();
        return queries.places().put(new Lookup(from, to, kind, keys, asOf), place);
    }

    /** Sorts the parts of ON; false when one was reported. */
    private boolean conditions(ExpressionTranslator translator) {
        boolean fine = true;
        for (SqlNode part : conjuncts(join.getCondition())) {
            Expression condition = translator.condition(part, "ON");
            fine &= condition.type() != ValueType.BROKEN && sort(part, condition);
        }
        return fine;
    }

    private boolean sort(SqlNode node, Expression condition) {
        if (condition instanceof Call call && call.operation() == Operation.EQUAL) {
            Expression first = call.children().getFirst();
            Expression second = call.children().getLast();
            if (only(first, left) && only(second, right)) {
                return keys.add(new KeyPair(first, second));
            }
            if (only(first, right) && only(second, left)) {
                return keys.add(new KeyPair(second, first));
            }
        }
        if (only(condition, right)) {
            return rightConditions.add(condition);
        }
        if (only(condition, left) && join.getJoinType() == JoinType.INNER) {
            return leftConditions.add(condition);
        }
        reporter.report(
                node,
                "ON: '" + node
                        + "' (expected: equalities between the tables, and conditions on the joined table alone)");
        return false;
    }

    private static boolean only(Expression expression, From side) {
        Set<Field> own = new HashSet<>(side.relation().fields());
        List<Field> used = new ArrayList<>();
        expression.forEachField(used::add);
        return !used.isEmpty() && own.containsAll(used);
    }

    private static List<SqlNode> conjuncts(@Nullable SqlNode condition) {
        if (condition == null) {
            return List.of();
        }
        if (condition.getKind() == SqlKind.AND && condition instanceof SqlCall call) {
            return call.getOperandList().stream()
                    .flatMap(operand -> conjuncts(operand).stream())
                    .toList();
        }
        return List.of(condition);
    }

    private Optional<AsOf> matchCondition(SqlNode node, ExpressionTranslator translator) {
        Expression condition = translator.condition(node, "MATCH_CONDITION");
        if (condition.type() == ValueType.BROKEN) {
            return Optional.empty();
        }
        Optional<AsOf> asOf = condition instanceof Call call && call.children().size() == 2
                ? asOf(
                        call.operation(),
                        call.children().getFirst(),
                        call.children().getLast())
                : Optional.empty();
        if (asOf.isEmpty()) {
            reporter.report(
                    node,
                    "MATCH_CONDITION: '" + node
                            + "' (expected: left.timestamp >= right.timestamp). A row can't see what comes after it.");
        }
        return asOf;
    }

    private Optional<AsOf> asOf(Operation operation, Expression first, Expression second) {
        if (first.type() != ValueType.TIMESTAMP) {
            return Optional.empty();
        }
        if (only(first, right) && only(second, left)) {
            return switch (operation) {
                case LESS_OR_EQUAL -> Optional.of(new AsOf(second, first, AsOf.Bound.UP_TO_NOW));
                case LESS -> Optional.of(new AsOf(second, first, AsOf.Bound.BEFORE_NOW));
                default -> Optional.empty();
            };
        }
        if (!only(first, left) || !only(second, right)) {
            return Optional.empty();
        }
        return switch (operation) {
            case GREATER_OR_EQUAL -> Optional.of(new AsOf(first, second, AsOf.Bound.UP_TO_NOW));
            case GREATER -> Optional.of(new AsOf(first, second, AsOf.Bound.BEFORE_NOW));
            default -> Optional.empty();
        };
    }

    /** A grouped right side has one row for each key, so all the keys have to be matched. */
    private void requireUniqueGroups(Optional<AsOf> asOf) {
        if (!QueryTranslator.areGroups(right.relation())) {
            return;
        }
        Set<Expression> matched = new HashSet<>();
        keys.forEach(key -> matched.add(unshifted(key.right())));
        asOf.ifPresent(match -> matched.add(unshifted(match.right())));
        Optional<List<Field>> groups = groupKeys(right.relation());
        boolean unique =
                groups.isPresent() && groups.get().stream().allMatch(field -> matched.contains(new Ref(field)));
        if (!unique) {
            reporter.report(
                    join.getRight(),
                    "join: a grouped table may match several times (expected: SELECT all its GROUP BY columns, and ON with an equality for each)");
        }
    }

    /** What a constant length of time is added to: as different as the sum. */
    private static Expression unshifted(Expression expression) {
        return expression instanceof Call call
                        && call.operation() == Operation.ADD_MICROS
                        && call.children().getLast() instanceof Expression.Literal
                ? unshifted(call.children().getFirst())
                : expression;
    }

    /** The fields that hold the group keys, if all of them are still there. */
    private static Optional<List<Field>> groupKeys(Relation relation) {
        return switch (relation) {
            case Aggregate aggregate ->
                Optional.of(aggregate.keys().stream()
                        .map(Relation.Assignment::field)
                        .toList());
            case Filter filter -> groupKeys(filter.input());
            case Relation.Windowed windowed -> groupKeys(windowed.input());
            case Lookup lookup -> groupKeys(lookup.left());
            case Relation.Scan scan -> Optional.empty();
            case Project project -> groupKeys(project.input()).flatMap(keys -> renamed(keys, project));
        };
    }

    private static Optional<List<Field>> renamed(List<Field> keys, Project project) {
        List<Field> renamed = new ArrayList<>();
        for (Field key : keys) {
            project.assignments().stream()
                    .filter(assignment -> assignment.value().equals(new Ref(key)))
                    .findFirst()
                    .ifPresent(assignment -> renamed.add(assignment.field()));
        }
        return renamed.size() == keys.size() ? Optional.of(renamed) : Optional.empty();
    }
}
