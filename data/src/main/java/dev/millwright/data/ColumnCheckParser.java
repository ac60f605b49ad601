package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Polarity;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.ExpectationTokens.Kind;
import dev.millwright.data.ExpectationTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads checks that compare one column with constants. */
final class ColumnCheckParser {
    private final String text;
    private final ExpectationTokens tokens;
    private final Schema schema;

    ColumnCheckParser(String text, ExpectationTokens tokens, Schema schema) {
        this.text = text;
        this.tokens = tokens;
        this.schema = schema;
    }

    /**
     * The check; empty when the text is something else.
     *
     * @throws dev.millwright.core.InvalidInputException when it is such a check, and wrong
     */
    Optional<Expectation> parse() {
        Token name = tokens.take();
        if (!name.isName()) {
            return Optional.empty();
        }
        if (tokens.acceptWord("is")) {
            return tokens.acceptWord("not") && tokens.acceptWord("null") && atEnd()
                    ? Optional.of(new Expectation.Present(text, column(name).name()))
                    : Optional.empty();
        }
        if (tokens.acceptWord("matches")) {
            return Optional.of(matches(column(name)));
        }
        Polarity polarity = tokens.acceptWord("not") ? Polarity.NEGATED : Polarity.POSITIVE;
        if (tokens.acceptWord("between")) {
            return between(name, polarity);
        }
        if (tokens.acceptWord("in")) {
            return oneOf(name, polarity);
        }
        return polarity == Polarity.NEGATED ? Optional.empty() : compared(name);
    }

    private boolean atEnd() {
        return tokens.peek().kind() == Kind.END;
    }

    private static boolean isConstant(Token token) {
        return token.kind() == Kind.NUMBER
                || token.kind() == Kind.TEXT
                || token.isWord("true")
                || token.isWord("false");
    }

    private Optional<Expectation> compared(Token name) {
        Optional<Comparator> comparator = comparator(tokens.take());
        Token constant = tokens.take();
        if (comparator.isEmpty() || !isConstant(constant) || !atEnd()) {
            return Optional.empty();
        }
        Column column = column(name);
        return Optional.of(new Expectation.Compared(text, column.name(), comparator.get(), value(column, constant)));
    }

    /** The comparator of this sign; empty for another token. */
    static Optional<Comparator> comparator(Token token) {
        return switch (token.text()) {
            case "=" -> Optional.of(Comparator.EQUAL);
            case "!=", "<>" -> Optional.of(Comparator.NOT_EQUAL);
            case "<" -> Optional.of(Comparator.LESS);
            case "<=" -> Optional.of(Comparator.LESS_OR_EQUAL);
            case ">" -> Optional.of(Comparator.GREATER);
            case ">=" -> Optional.of(Comparator.GREATER_OR_EQUAL);
            default -> Optional.empty();
        };
    }

    private Optional<Expectation> between(Token name, Polarity polarity) {
        Token first = tokens.take();
        boolean and = tokens.acceptWord("and");
        Token second = tokens.take();
        if (!and || !isConstant(first) || !isConstant(second) || !atEnd()) {
            return Optional.empty();
        }
        Column column = column(name);
        Value low = value(column, first);
        Value high = value(column, second);
        if (low instanceof Value.Numeral from
                && high instanceof Value.Numeral to
                && Double.parseDouble(from.digits()) > Double.parseDouble(to.digits())) {
            throw tokens.wrong(
                    0, "between " + from.digits() + " and " + to.digits() + " (expected: the smaller bound first)");
        }
        return Optional.of(new Expectation.Between(text, column.name(), low, high, polarity));
    }

    private Optional<Expectation> oneOf(Token name, Polarity polarity) {
        List<Token> constants = new ArrayList<>();
        boolean list = tokens.accept("(");
        do {
            constants.add(tokens.take());
        } while (tokens.accept(","));
        if (!list || !tokens.accept(")") || !atEnd() || !constants.stream().allMatch(ColumnCheckParser::isConstant)) {
            return Optional.empty();
        }
        Column column = column(name);
        List<Value> values =
                constants.stream().map(constant -> value(column, constant)).toList();
        return Optional.of(new Expectation.OneOf(text, column.name(), values, polarity));
    }

    private Column column(Token name) {
        return schema.find(name.text())
                .orElseThrow(() -> tokens.wrong(
                        name.offset(),
                        "'" + name.text() + "' (expected: a column)." + Words.suggestion(name.text(), schema.names())));
    }

    private Expectation matches(Column column) {
        Token token = tokens.take();
        if (token.kind() != Kind.TEXT) {
            throw tokens.wrong(token, "a regular expression in '…'");
        }
        if (column.type() != ColumnType.VARCHAR) {
            throw tokens.wrong(
                    token.offset(),
                    column.name() + ": " + column.type().label() + " (expected: a varchar column for 'matches')");
        }
        try {
            Pattern.compile(token.text());
        } catch (PatternSyntaxException e) {
            throw tokens.wrong(
                    token.offset(), "'" + token.text() + "' (expected: a regular expression): " + e.getDescription());
        }
        tokens.end();
        return new Expectation.Matches(text, column.name(), token.text());
    }

    private Value value(Column column, Token token) {
        ColumnType type = column.type();
        if (type.isNumeric() && token.kind() == Kind.NUMBER) {
            return new Value.Numeral(token.text());
        }
        if (type == ColumnType.VARCHAR && token.kind() == Kind.TEXT) {
            return new Value.Text(token.text());
        }
        if (type == ColumnType.BOOLEAN && token.kind() == Kind.WORD) {
            return new Value.Truth(token.isWord("true"));
        }
        if (type == ColumnType.TIMESTAMP && token.kind() == Kind.TEXT && Cells.isTimestamp(token.text())) {
            return new Value.Time(token.text());
        }
        throw tokens.wrong(
                token, constant(type) + " to compare the " + type.label() + " column " + column.name() + " with");
    }

    private static String constant(ColumnType type) {
        return switch (type) {
            case BIGINT, DOUBLE -> "a number";
            case VARCHAR -> "a text in '…'";
            case BOOLEAN -> "true or false";
            case TIMESTAMP -> "a date or time such as '2013-01-31 12:00:00'";
        };
    }
}
