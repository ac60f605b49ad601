package dev.millwright.plan;

import static dev.millwright.plan.ValueType.BIGINT;
import static dev.millwright.plan.ValueType.BOOLEAN;
import static dev.millwright.plan.ValueType.VARCHAR;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Cast;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.FunctionTable.Function;
import java.util.ArrayList;
import java.util.List;

/** Functions of text. Lengths that make text grow are bounded literals. */
final class TextFunctions {
    private static final int LONGEST = 1000;
    private static final Literal ONE = new Literal(1L, BIGINT);
    private static final Literal SPACE = new Literal(" ", VARCHAR);

    private TextFunctions() {}

    static List<Function> all() {
        List<Function> all = new ArrayList<>(whole());
        all.addAll(parts());
        all.addAll(trims());
        all.addAll(changes());
        all.addAll(hashes());
        return all;
    }

    private static List<Function> whole() {
        Function length = simple("CHAR_LENGTH", "CHAR_LENGTH(text)", Operation.CHAR_LENGTH, BIGINT, VARCHAR);
        return List.of(
                new Function("||", "a || b", 2, 2, VARCHAR, a -> new Call(Operation.CONCAT, VARCHAR, a.all(VARCHAR))),
                new Function(
                        "CONCAT",
                        "CONCAT(a, b, …)",
                        1,
                        1000,
                        VARCHAR,
                        a -> new Call(Operation.CONCAT, VARCHAR, a.all(VARCHAR))),
                simple("UPPER", "UPPER(text)", Operation.UPPER, VARCHAR, VARCHAR),
                simple("LOWER", "LOWER(text)", Operation.LOWER, VARCHAR, VARCHAR),
                length,
                length.as("CHARACTER_LENGTH"),
                length.as("LENGTH"),
                simple("OCTET_LENGTH", "OCTET_LENGTH(text)", Operation.OCTET_LENGTH, BIGINT, VARCHAR),
                simple("ASCII", "ASCII(text)", Operation.ASCII, BIGINT, VARCHAR),
                simple("CHR", "CHR(code)", Operation.CHR, VARCHAR, BIGINT),
                simple("REVERSE", "REVERSE(text)", Operation.REVERSE, VARCHAR, VARCHAR));
    }

    private static List<Function> parts() {
        Function substring = new Function(
                "SUBSTRING",
                "SUBSTRING(text, start [, length])",
                2,
                3,
                VARCHAR,
                a -> a.count() == 2
                        ? a.call(Operation.SUBSTRING, VARCHAR, VARCHAR, BIGINT)
                        : a.call(Operation.SUBSTRING, VARCHAR, VARCHAR, BIGINT, BIGINT));
        return List.of(
                substring,
                substring.as("SUBSTR"),
                new Function(
                        "LEFT",
                        "LEFT(text, length)",
                        2,
                        2,
                        VARCHAR,
                        a -> new Call(Operation.SUBSTRING, VARCHAR, List.of(a.as(0, VARCHAR), ONE, a.as(1, BIGINT)))),
                simple("RIGHT", "RIGHT(text, length)", Operation.RIGHT, VARCHAR, VARCHAR, BIGINT),
                new Function("SPLIT_PART", "SPLIT_PART(text, 'separator', n)", 3, 3, VARCHAR, TextFunctions::part),
                simple("POSITION", "POSITION(what IN text)", Operation.POSITION, BIGINT, VARCHAR, VARCHAR),
                simple("STARTS_WITH", "STARTS_WITH(text, what)", Operation.STARTS_WITH, BOOLEAN, VARCHAR, VARCHAR),
                simple("ENDS_WITH", "ENDS_WITH(text, what)", Operation.ENDS_WITH, BOOLEAN, VARCHAR, VARCHAR));
    }

    private static Expression part(Arguments arguments) {
        if (arguments.text(1).isEmpty()) {
            arguments.fail(1, "a literal that isn't empty");
        }
        if (arguments.literal(2, -LONGEST, LONGEST) == 0) {
            arguments.fail(2, "counted from 1, or from -1 at the end");
        }
        return arguments.call(Operation.SPLIT_PART, VARCHAR, VARCHAR, VARCHAR, BIGINT);
    }

    /** {@code TRIM(side …)} comes as the character, then the text; the short forms as the text alone. */
    private static List<Function> trims() {
        return List.of(
                trim("BOTH", Operation.TRIM),
                trim("LEADING", Operation.TRIM_LEADING),
                trim("TRAILING", Operation.TRIM_TRAILING),
                ofSpaces("LTRIM", Operation.TRIM_LEADING),
                ofSpaces("RTRIM", Operation.TRIM_TRAILING));
    }

    private static Function trim(String side, Operation operation) {
        return new Function("TRIM " + side, "TRIM(" + side + " 'c' FROM text)", 2, 2, VARCHAR, a -> {
            a.character(0);
            return new Call(operation, VARCHAR, List.of(a.as(1, VARCHAR), a.as(0, VARCHAR)));
        });
    }

    private static Function ofSpaces(String name, Operation operation) {
        return new Function(
                name,
                name + "(text)",
                1,
                1,
                VARCHAR,
                a -> new Call(operation, VARCHAR, List.of(a.as(0, VARCHAR), SPACE)));
    }

    private static List<Function> changes() {
        return List.of(
                simple("REPLACE", "REPLACE(text, what, with)", Operation.REPLACE, VARCHAR, VARCHAR, VARCHAR, VARCHAR),
                simple(
                        "TRANSLATE",
                        "TRANSLATE(text, from, to)",
                        Operation.TRANSLATE,
                        VARCHAR,
                        VARCHAR,
                        VARCHAR,
                        VARCHAR),
                new Function(
                        "OVERLAY",
                        "OVERLAY(text PLACING new FROM start [FOR length])",
                        3,
                        4,
                        VARCHAR,
                        TextFunctions::overlay),
                pad("LPAD", Operation.PAD_LEFT),
                pad("RPAD", Operation.PAD_RIGHT));
    }

    private static Function pad(String name, Operation operation) {
        return new Function(name, name + "(text, length [, 'fill'])", 2, 3, VARCHAR, a -> {
            a.literal(1, 0, LONGEST);
            if (a.count() == 3 && a.text(2).isEmpty()) {
                a.fail(2, "a literal that isn't empty");
            }
            Expression fill = a.count() == 3 ? a.as(2, VARCHAR) : SPACE;
            return new Call(operation, VARCHAR, List.of(a.as(0, VARCHAR), a.as(1, BIGINT), fill));
        });
    }

    /** What comes before the start, the new text, and what comes after as many characters. */
    private static Expression overlay(Arguments arguments) {
        Expression text = arguments.as(0, VARCHAR);
        Expression placed = arguments.as(1, VARCHAR);
        Expression start = arguments.as(2, BIGINT);
        Expression length = arguments.count() == 4
                ? arguments.as(3, BIGINT)
                : new Call(Operation.CHAR_LENGTH, BIGINT, List.of(placed));
        Expression before = new Call(Operation.SUBTRACT_LONG, BIGINT, List.of(start, ONE));
        Expression after = new Call(Operation.ADD_LONG, BIGINT, List.of(start, length));
        return new Call(
                Operation.CONCAT,
                VARCHAR,
                List.of(
                        new Call(Operation.SUBSTRING, VARCHAR, List.of(text, ONE, before)),
                        placed,
                        new Call(Operation.SUBSTRING, VARCHAR, List.of(text, after))));
    }

    private static List<Function> hashes() {
        return List.of(
                simple("MD5", "MD5(text)", Operation.MD5, VARCHAR, VARCHAR),
                new Function("HASH_BUCKET", "HASH_BUCKET(value, buckets)", 2, 2, BIGINT, TextFunctions::bucket));
    }

    private static Expression bucket(Arguments arguments) {
        arguments.literal(1, 1, Integer.MAX_VALUE);
        Expression value = arguments.any(0);
        if (value.type() != VARCHAR && Casts.objection(value.type(), VARCHAR).isPresent()) {
            arguments.fail(0, "text, a bigint or a boolean");
        }
        Expression text = value.type() == VARCHAR || value.type() == ValueType.NULL
                ? Types.as(VARCHAR, value)
                : new Cast(value, VARCHAR);
        return new Call(Operation.HASH_BUCKET, BIGINT, List.of(text, arguments.any(1)));
    }

    private static Function simple(
            String name, String usage, Operation operation, ValueType result, ValueType... types) {
        return new Function(name, usage, types.length, types.length, result, a -> a.call(operation, result, types));
    }
}
