package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Recursive descent over the little grammar of {@link Expectation}. */
final class ExpectationParser {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)|(?<word>[\\p{L}_][\\p{L}\\p{N}_]*)"
                    + "|\"(?<quoted>(?:[^\"]|\"\")+)\"|'(?<text>(?:[^']|'')*)'|(?<symbol><=|>=|<>|!=|==|[=<>(),%]))");

    private final String text;
    private final Problem.Position at;
    private final Schema schema;
    private final List<Token> tokens;
    private int next;

    private enum Kind {
        NUMBER,
        WORD,
        QUOTED,
        TEXT,
        SYMBOL,
        END
    }

    private record Token(Kind kind, String text, int offset) {}

    ExpectationParser(String text, Problem.Position at, Schema schema) {
        this.text = text.strip();
        this.at = at;
        this.schema = schema;
        this.tokens = tokens();
    }

    private List<Token> tokens() {
        List<Token> found = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int position = 0;
        while (position < text.length()) {
            if (!matcher.find(position) || matcher.start() != position) {
                throw wrong(
                        position,
                        "'" + text.substring(position).strip() + "' (expected: a check such as "
                                + "'month between 1 and 12')");
            }
            found.add(token(matcher));
            position = matcher.end();
        }
        found.add(new Token(Kind.END, "the end", text.length()));
        return found;
    }

    private static Token token(Matcher matcher) {
        if (matcher.group("number") != null) {
            return new Token(Kind.NUMBER, matcher.group("number"), matcher.start("number"));
        }
        if (matcher.group("word") != null) {
            return new Token(Kind.WORD, matcher.group("word"), matcher.start("word"));
        }
        if (matcher.group("quoted") != null) {
            return new Token(Kind.QUOTED, matcher.group("quoted").replace("\"\"", "\""), matcher.start("quoted") - 1);
        }
        if (matcher.group("text") != null) {
            return new Token(Kind.TEXT, matcher.group("text").replace("''", "'"), matcher.start("text") - 1);
        }
        return new Token(Kind.SYMBOL, matcher.group("symbol"), matcher.start("symbol"));
    }

    Expectation parse() {
        Expectation expectation = expectation();
        if (peek().kind() != Kind.END) {
            throw wrong(peek(), "the end");
        }
        return expectation;
    }

    private Expectation expectation() {
        Token first = peek();
        boolean call = tokens.size() > next + 1 && tokens.get(next + 1).text().equals("(");
        if (first.kind() == Kind.WORD && call) {
            return call();
        }
        // A column may be called rows: it is then a row expectation.
        if (isWord("rows") && schema.find("rows").isEmpty()) {
            return rows();
        }
        return ofRow();
    }

    private Expectation call() {
        Token function = take();
        symbol("(");
        return switch (function.text().toLowerCase(Locale.ROOT)) {
            case "unique" -> {
                List<String> columns = new ArrayList<>();
                do {
                    columns.add(column().name());
                } while (accept(","));
                symbol(")");
                yield new Expectation.Unique(text, columns);
            }
            case "missing" -> {
                Column column = column();
                symbol(")");
                yield new Expectation.Missing(text, column.name(), comparator(), share());
            }
            default ->
                throw wrong(
                        function.offset(),
                        "'" + function.text() + "' (expected: unique(…) or missing(…))."
                                + Words.suggestion(function.text(), List.of("unique", "missing")));
        };
    }

    private Expectation rows() {
        take();
        if (acceptWord("between")) {
            long low = count();
            word("and");
            long high = count();
            if (low > high) {
                throw wrong(0, "between " + low + " and " + high + " (expected: the smaller bound first)");
            }
            return new Expectation.RowsBetween(text, low, high);
        }
        return new Expectation.Rows(text, comparator(), count());
    }

    private Expectation ofRow() {
        Column column = column();
        if (acceptWord("is")) {
            word("not");
            word("null");
            return new Expectation.Present(text, column.name());
        }
        if (acceptWord("matches")) {
            return new Expectation.Matches(text, column.name(), pattern(column));
        }
        Expectation.Polarity polarity =
                acceptWord("not") ? Expectation.Polarity.NEGATED : Expectation.Polarity.POSITIVE;
        if (acceptWord("between")) {
            return between(column, polarity);
        }
        if (acceptWord("in")) {
            return oneOf(column, polarity);
        }
        if (polarity == Expectation.Polarity.NEGATED) {
            throw wrong(peek(), "between or in after 'not'");
        }
        Expectation.Comparator comparator = comparator();
        return new Expectation.Compared(text, column.name(), comparator, value(column));
    }

    private Expectation between(Column column, Expectation.Polarity polarity) {
        Expectation.Value low = value(column);
        word("and");
        Expectation.Value high = value(column);
        if (low instanceof Expectation.Value.Numeral from
                && high instanceof Expectation.Value.Numeral to
                && Double.parseDouble(from.digits()) > Double.parseDouble(to.digits())) {
            throw wrong(0, "between " + from.digits() + " and " + to.digits() + " (expected: the smaller bound first)");
        }
        return new Expectation.Between(text, column.name(), low, high, polarity);
    }

    private Expectation oneOf(Column column, Expectation.Polarity polarity) {
        symbol("(");
        List<Expectation.Value> values = new ArrayList<>();
        do {
            values.add(value(column));
        } while (accept(","));
        symbol(")");
        return new Expectation.OneOf(text, column.name(), values, polarity);
    }

    private Column column() {
        Token token = take();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw wrong(token, "a column");
        }
        return schema.find(token.text())
                .orElseThrow(() -> wrong(
                        token.offset(),
                        "'" + token.text() + "' (expected: a column)."
                                + Words.suggestion(token.text(), schema.names())));
    }

    private String pattern(Column column) {
        Token token = take();
        if (token.kind() != Kind.TEXT) {
            throw wrong(token, "a regular expression in '…'");
        }
        if (column.type() != ColumnType.VARCHAR) {
            throw wrong(
                    token.offset(),
                    column.name() + ": " + column.type().label() + " (expected: a varchar column for 'matches')");
        }
        try {
            Pattern.compile(token.text());
        } catch (PatternSyntaxException e) {
            throw wrong(
                    token.offset(), "'" + token.text() + "' (expected: a regular expression): " + e.getDescription());
        }
        return token.text();
    }

    private Expectation.Value value(Column column) {
        Token token = take();
        ColumnType type = column.type();
        boolean truth = token.kind() == Kind.WORD
                && (token.text().equalsIgnoreCase("true") || token.text().equalsIgnoreCase("false"));
        if (type.isNumeric() && token.kind() == Kind.NUMBER) {
            return new Expectation.Value.Numeral(token.text());
        }
        if (type == ColumnType.VARCHAR && token.kind() == Kind.TEXT) {
            return new Expectation.Value.Text(token.text());
        }
        if (type == ColumnType.BOOLEAN && truth) {
            return new Expectation.Value.Truth(token.text().equalsIgnoreCase("true"));
        }
        if (type == ColumnType.TIMESTAMP && token.kind() == Kind.TEXT && Cells.isTimestamp(token.text())) {
            return new Expectation.Value.Time(token.text());
        }
        throw wrong(token, constant(type) + " to compare the " + type.label() + " column " + column.name() + " with");
    }

    private static String constant(ColumnType type) {
        return switch (type) {
            case BIGINT, DOUBLE -> "a number";
            case VARCHAR -> "a text in '…'";
            case BOOLEAN -> "true or false";
            case TIMESTAMP -> "a date or time such as '2013-01-31 12:00:00'";
        };
    }

    private Expectation.Comparator comparator() {
        Token token = take();
        return switch (token.text()) {
            case "=", "==" -> Expectation.Comparator.EQUAL;
            case "!=", "<>" -> Expectation.Comparator.NOT_EQUAL;
            case "<" -> Expectation.Comparator.LESS;
            case "<=" -> Expectation.Comparator.LESS_OR_EQUAL;
            case ">" -> Expectation.Comparator.GREATER;
            case ">=" -> Expectation.Comparator.GREATER_OR_EQUAL;
            default -> throw wrong(token, "=, !=, <, <=, >, >=, between, in, matches or is not null");
        };
    }

    private long count() {
        Token token = take();
        if (token.kind() != Kind.NUMBER || !token.text().matches("\\d{1,18}")) {
            throw wrong(token, "a whole number");
        }
        return Long.parseLong(token.text());
    }

    /** {@code 5%} or {@code 0.05}. */
    private double share() {
        Token token = take();
        if (token.kind() != Kind.NUMBER) {
            throw wrong(token, "a share such as 5%");
        }
        double share = Double.parseDouble(token.text()) / (accept("%") ? 100 : 1);
        if (share < 0 || share > 1) {
            throw wrong(token, "a share from 0% to 100%");
        }
        return share;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    private boolean isWord(String word) {
        return peek().kind() == Kind.WORD && peek().text().equalsIgnoreCase(word);
    }

    private boolean acceptWord(String word) {
        boolean found = isWord(word);
        if (found) {
            next++;
        }
        return found;
    }

    private boolean accept(String symbol) {
        boolean found = peek().kind() == Kind.SYMBOL && peek().text().equals(symbol);
        if (found) {
            next++;
        }
        return found;
    }

    private void word(String word) {
        if (!acceptWord(word)) {
            throw wrong(peek(), "'" + word + "'");
        }
    }

    private void symbol(String symbol) {
        if (!accept(symbol)) {
            throw wrong(peek(), "'" + symbol + "'");
        }
    }

    private InvalidInputException wrong(Token token, String expected) {
        return wrong(token.offset(), "'" + token.text() + "' (expected: " + expected + ")");
    }

    private InvalidInputException wrong(int offset, String message) {
        Problem.Position place = new Problem.Position(at.file(), at.line(), at.column() + offset);
        return new InvalidInputException(List.of(Problem.at(place, "expect '" + text + "': " + message)));
    }
}
