package dev.millwright.serving.routing;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.serving.routing.RequestCondition.Comparison;
import dev.millwright.serving.routing.RequestCondition.Membership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads conditions, word by word. For one text. */
final class ConditionReader {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:'((?:[^']|'')*)'|(!=|<>|<=|>=|==|=|<|>|\\(|\\)|,)|([^\\s'!<>=(),]+))\\s*");
    private static final List<String> COMPARISONS = List.of("=", "!=", "<", "<=", ">", ">=", "in", "not");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    /**
     * A word, a symbol or a quoted text.
     *
     * @param column where it begins, from 1
     */
    private record Token(String text, Kind kind, int column) {}

    private enum Kind {
        WORD,
        SYMBOL,
        QUOTED,
        END
    }

    ConditionReader(String text) {
        this.text = text;
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length() && matcher.region(at, text.length()).lookingAt()) {
            if (matcher.group(1) != null) {
                tokens.add(new Token(matcher.group(1).replace("''", "'"), Kind.QUOTED, matcher.start(1)));
            } else if (matcher.group(2) != null) {
                tokens.add(new Token(matcher.group(2), Kind.SYMBOL, matcher.start(2) + 1));
            } else {
                tokens.add(new Token(matcher.group(3), Kind.WORD, matcher.start(3) + 1));
            }
            at = matcher.end();
        }
        if (at < text.length()) {
            throw wrong(at + 1, "'" + text.charAt(at) + "' (expected: a quote that ends)", "");
        }
        tokens.add(new Token("the end", Kind.END, text.length() + 1));
    }

    RequestCondition read() {
        List<RequestCondition> parts = new ArrayList<>();
        parts.add(part());
        while (isWord("and")) {
            next++;
            parts.add(part());
        }
        if (peek().kind() != Kind.END) {
            throw wrong(
                    peek(),
                    "and, or the end",
                    isWord("or") ? " Write two conditions, one after the other, for 'or'." : "");
        }
        return parts.size() == 1 ? parts.getFirst() : new RequestCondition.Every(parts);
    }

    private RequestCondition part() {
        Token name = take(Kind.WORD, "a column, or header NAME");
        if (name.text().equalsIgnoreCase("header") && peek().kind() == Kind.WORD && !isComparison(peek())) {
            return header(take(Kind.WORD, "a header's name").text().toLowerCase(Locale.ROOT));
        }
        return column(name.text());
    }

    private RequestCondition header(String name) {
        Token operator = operator();
        if (!isEquality(operator)) {
            throw wrong(operator, "=, !=, in or not in, for headers are texts", "");
        }
        return new RequestCondition.HeaderIs(name, membership(operator), texts(operator, values(operator)));
    }

    private RequestCondition column(String name) {
        Token operator = operator();
        List<Token> values = values(operator);
        Optional<Float> number = number(values.getFirst());
        if (number.isPresent() && values.size() == 1) {
            return new RequestCondition.NumberIs(name, comparison(operator), number.get());
        }
        if (!isEquality(operator)) {
            throw wrong(values.getFirst(), "a number after " + operator.text(), "");
        }
        return new RequestCondition.TextIs(name, membership(operator), texts(operator, values));
    }

    private static Optional<Float> number(Token token) {
        try {
            return token.kind() == Kind.QUOTED
                    ? Optional.empty()
                    : Optional.of(Float.valueOf(token.text())).filter(Float::isFinite);
        } catch (NumberFormatException word) {
            return Optional.empty();
        }
    }

    private Token operator() {
        Token token = peek();
        if (isWord("not")) {
            next++;
            if (!isWord("in")) {
                throw wrong(peek(), "in after not", "");
            }
            next++;
            return new Token("not in", Kind.WORD, token.column());
        }
        if (!isComparison(token)) {
            throw wrong(
                    token,
                    "one of " + String.join(" ", COMPARISONS.subList(0, 6)) + ", in or not in",
                    token.kind() == Kind.WORD
                            ? Words.nearest(token.text(), List.of("in", "not in"))
                                    .map(near -> " Did you mean '" + near + "'?")
                                    .orElse("")
                            : "");
        }
        next++;
        return token;
    }

    private static boolean isComparison(Token token) {
        return token.kind() == Kind.SYMBOL
                ? COMPARISONS.contains(token.text())
                        || token.text().equals("==")
                        || token.text().equals("<>")
                : token.kind() == Kind.WORD && COMPARISONS.contains(token.text().toLowerCase(Locale.ROOT));
    }

    private static boolean isEquality(Token operator) {
        return switch (operator.text().toLowerCase(Locale.ROOT)) {
            case "=", "==", "!=", "<>", "in", "not in" -> true;
            default -> false;
        };
    }

    private static Membership membership(Token operator) {
        return switch (operator.text().toLowerCase(Locale.ROOT)) {
            case "!=", "<>", "not in" -> Membership.NOT_IN;
            default -> Membership.IN;
        };
    }

    private Comparison comparison(Token operator) {
        return switch (operator.text()) {
            case "==" -> Comparison.EQUAL;
            case "<>" -> Comparison.OTHER;
            default ->
                Arrays.stream(Comparison.values())
                        .filter(each -> each.symbol().equals(operator.text()))
                        .findFirst()
                        .orElseThrow(() -> wrong(operator, "= or != with a single number", ""));
        };
    }

    private List<Token> values(Token operator) {
        if (!operator.text().toLowerCase(Locale.ROOT).endsWith("in")) {
            return List.of(value());
        }
        List<Token> values = new ArrayList<>();
        symbol("(");
        values.add(value());
        while (peek().text().equals(",") && peek().kind() == Kind.SYMBOL) {
            next++;
            values.add(value());
        }
        symbol(")");
        return values;
    }

    private Set<String> texts(Token operator, List<Token> values) {
        Set<String> texts = new LinkedHashSet<>();
        for (Token value : values) {
            if (!texts.add(value.text())) {
                throw wrong(value, "each value once after " + operator.text(), "");
            }
        }
        return texts;
    }

    private Token value() {
        if (peek().kind() == Kind.QUOTED) {
            return tokens.get(next++);
        }
        return take(Kind.WORD, "a value such as 'DE' or 10");
    }

    private void symbol(String wanted) {
        if (peek().kind() != Kind.SYMBOL || !peek().text().equals(wanted)) {
            throw wrong(peek(), wanted, "");
        }
        next++;
    }

    private Token take(Kind kind, String expected) {
        Token token = peek();
        if (token.kind() != kind) {
            throw wrong(token, expected, "");
        }
        next++;
        return token;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean isWord(String word) {
        return peek().kind() == Kind.WORD && peek().text().equalsIgnoreCase(word);
    }

    private InvalidInputException wrong(Token token, String expected, String hint) {
        String found = token.kind() == Kind.END ? token.text() : "'" + Words.shortened(token.text()) + "'";
        return wrong(token.column(), found + " (expected: " + expected + ")", hint);
    }

    private InvalidInputException wrong(int column, String message, String hint) {
        return new InvalidInputException(
                "when: " + Words.shortened(text) + ": at character " + column + ": " + message + "." + hint);
    }
}
