package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.data.ExpectationTokens.Kind;
import dev.millwright.data.ExpectationTokens.Token;
import dev.millwright.data.Measure.Function;
import dev.millwright.plan.RowExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Reads a measure of all rows, whose arguments are expressions of feature SQL. */
final class MeasureParser {
    /** Those that take arguments. */
    static final List<String> NAMES = List.of(
            "avg",
            "sum",
            "min",
            "max",
            "stddev_samp",
            "median",
            "quantile",
            "count",
            "distinct",
            "unique",
            "missing",
            "share",
            "freshness",
            "drift");

    private final String text;
    private final ExpectationTokens tokens;
    private final ExpectationScope scope;

    MeasureParser(String text, ExpectationTokens tokens, ExpectationScope scope) {
        this.text = text;
        this.tokens = tokens;
        this.scope = scope;
    }

    static boolean isMeasure(String word) {
        return NAMES.contains(word.toLowerCase(Locale.ROOT));
    }

    /** The SQL of one argument and where it begins. */
    private record Argument(String sql, int offset) {
        /** With blanks for what stands before it in {@code text}, so that all its lines are at their places. */
        String inPlace(String text) {
            return text.substring(0, offset).replaceAll("[^\\n]", " ") + sql;
        }
    }

    Expectation parse() {
        Token name = tokens.take();
        if (name.isWord("rows")) {
            return bounded(new Measure.Rows(name.text()));
        }
        List<Argument> arguments = arguments();
        String written = text.substring(0, tokens.peek().offset()).strip();
        Measure measure = measure(name, arguments, written);
        if (measure instanceof Measure.Repeated) {
            tokens.end();
            return new Expectation.OfTable(text, measure, BoundParser.NONE);
        }
        return bounded(measure);
    }

    private Expectation bounded(Measure measure) {
        Bound bound = new BoundParser(tokens, measure).parse();
        tokens.end();
        return new Expectation.OfTable(text, measure, bound);
    }

    private Measure measure(Token name, List<Argument> arguments, String written) {
        String function = name.text().toLowerCase(Locale.ROOT);
        return switch (function) {
            case "unique" -> new Measure.Repeated(written, values(name, arguments));
            case "distinct" -> new Measure.Distinct(written, values(name, arguments));
            case "quantile" -> quantile(name, arguments, written);
            case "median" -> new Measure.Quantile(written, number(name, only(name, arguments)), 0.5);
            case "missing" -> new Measure.Missing(written, value(only(name, arguments)));
            case "share" -> share(only(name, arguments), written);
            case "drift" -> new Measure.Drift(written, drifting(only(name, arguments)));
            case "freshness" -> new Measure.Freshness(written, time(name, only(name, arguments)));
            case "count" -> {
                Argument argument = only(name, arguments);
                yield argument.sql().equals("*")
                        ? new Measure.Rows(written)
                        : new Measure.Count(written, value(argument));
            }
            default ->
                new Measure.Aggregate(
                        written,
                        Function.valueOf(function.toUpperCase(Locale.ROOT)),
                        number(name, only(name, arguments)));
        };
    }

    private Measure share(Argument argument, String written) {
        return new ReferenceParser(new ExpectationTokens(argument.inPlace(text), text, tokens.place(0)), scope)
                .parse()
                .<Measure>map(reference -> new Measure.Partnered(written, reference))
                .orElseGet(() -> new Measure.Share(written, condition(argument)));
    }

    private Measure quantile(Token name, List<Argument> arguments, String written) {
        if (arguments.size() != 2) {
            throw tokens.wrong(
                    name.offset(),
                    "quantile of " + arguments.size() + " (expected: a number and a probability, as in quantile("
                            + arguments.getFirst().sql() + ", 0.99))");
        }
        Argument probability = arguments.get(1);
        if (!probability.sql().matches("0?\\.[0-9]+|[01](\\.0*)?")) {
            throw tokens.wrong(
                    probability.offset(), "'" + probability.sql() + "' (expected: a probability from 0 to 1)");
        }
        return new Measure.Quantile(written, number(name, arguments.getFirst()), Double.parseDouble(probability.sql()));
    }

    /** What stands between the brackets, parted at its own commas. */
    private List<Argument> arguments() {
        Token open = tokens.take();
        List<Argument> arguments = new ArrayList<>();
        int depth = 1;
        int start = open.offset() + 1;
        while (depth > 0) {
            Token token = tokens.take();
            if (token.kind() == Kind.END) {
                throw tokens.wrong(token, "')'");
            }
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth == 0 || (depth == 1 && token.isSymbol(","))) {
                arguments.add(argument(start, token));
                start = token.offset() + 1;
            }
        }
        return arguments;
    }

    private Argument argument(int start, Token end) {
        String raw = text.substring(start, end.offset());
        if (raw.isBlank()) {
            throw tokens.wrong(end, "a column");
        }
        return new Argument(
                raw.strip(), start + raw.length() - raw.stripLeading().length());
    }

    private Argument only(Token name, List<Argument> arguments) {
        if (arguments.size() > 1) {
            throw tokens.wrong(
                    arguments.get(1).offset(),
                    "'" + arguments.get(1).sql() + "' (expected: one argument of " + name.text() + ")");
        }
        return arguments.getFirst();
    }

    private List<RowExpression> values(Token name, List<Argument> arguments) {
        List<RowExpression> values = arguments.stream().map(this::value).toList();
        if (values.stream().allMatch(value -> value.columns().isEmpty())) {
            throw tokens.wrong(name.offset(), "'" + name.text() + "' of no column (expected: at least one)");
        }
        return values;
    }

    private RowExpression value(Argument argument) {
        try {
            return RowExpression.of(
                    argument.inPlace(text), tokens.place(0), scope.schema().columns(), scope.zone());
        } catch (InvalidInputException mistakes) {
            throw tokens.within(mistakes);
        }
    }

    private RowExpression condition(Argument argument) {
        try {
            return RowExpression.condition(
                    argument.inPlace(text), tokens.place(0), scope.schema().columns(), scope.zone());
        } catch (InvalidInputException mistakes) {
            throw tokens.within(mistakes);
        }
    }

    private RowExpression number(Token name, Argument argument) {
        return typed(name, argument, ColumnType::isNumeric, "a number");
    }

    private RowExpression time(Token name, Argument argument) {
        return typed(name, argument, ColumnType.TIMESTAMP::equals, "a timestamp");
    }

    private Column drifting(Argument argument) {
        Column column = value(argument)
                .column()
                .orElseThrow(() ->
                        tokens.wrong(argument.offset(), "'" + argument.sql() + "' (expected: a column, in drift(…))"));
        if (column.type() == ColumnType.TIMESTAMP) {
            throw tokens.wrong(
                    argument.offset(),
                    column.name() + ": timestamp (expected: a number, text or truth value, for times always move on)");
        }
        return column;
    }

    private RowExpression typed(Token name, Argument argument, Predicate<ColumnType> fits, String expected) {
        RowExpression expression = value(argument);
        if (!fits.test(expression.type())) {
            throw tokens.wrong(
                    argument.offset(),
                    argument.sql() + ": " + expression.type().label() + " (expected: " + expected + ", in "
                            + name.text() + "(…))");
        }
        return expression;
    }
}
