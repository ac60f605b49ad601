package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchClause.Comparator;
import dev.millwright.registry.SearchToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads filters and orders as MLflow's clients write them: {@code clause (AND clause)*} with
 * {@code clause := [entity.]key comparator value | [entity.]key IS [NOT] NULL}.
 */
final class SearchParser {
    private final String input;
    private final SearchToken.Reader reader;
    private SearchToken token;

    private SearchParser(String input) {
        this.input = input;
        this.reader = new SearchToken.Reader(input);
        this.token = reader.next();
    }

    static List<SearchClause> filter(String filter) {
        SearchParser parser = new SearchParser(filter);
        List<SearchClause> clauses = new ArrayList<>();
        if (parser.token.kind() == Kind.END) {
            return clauses;
        }
        clauses.add(parser.clause());
        while (parser.token.kind() != Kind.END) {
            if (!parser.token.isWord("and")) {
                throw parser.wrong("AND, or the end; OR and parentheses are not part of the grammar");
            }
            parser.advance();
            clauses.add(parser.clause());
        }
        return clauses;
    }

    /**
     * One order.
     *
     * @param entity as written, lower case; empty where the key stands alone
     */
    record Order(String entity, String key, boolean descending) {}

    static Order order(String order) {
        SearchParser parser = new SearchParser(order);
        Name name = parser.name();
        boolean descending = parser.token.isWord("desc");
        if (descending || parser.token.isWord("asc")) {
            parser.advance();
        }
        if (parser.token.kind() != Kind.END) {
            throw new InvalidInputException(
                    "order_by: " + order + " (expected: a name, then ASC or DESC, such as metrics.auc DESC)");
        }
        return new Order(name.entity(), name.key(), descending);
    }

    private record Name(String entity, String key) {}

    /** {@code a}, {@code a.b}, {@code a.b.c} (the key being b.c), with keys in backquotes or double quotes. */
    private Name name() {
        String first = token.name().orElseThrow(() -> wrong("a name such as metrics.auc"));
        boolean quoted = token.kind() != Kind.WORD;
        advance();
        if (quoted || token.kind() != Kind.DOT) {
            return new Name("", first);
        }
        StringBuilder key = new StringBuilder();
        while (token.kind() == Kind.DOT || (!key.isEmpty() && token.kind() == Kind.NUMBER && adjoins())) {
            if (token.kind() == Kind.DOT) {
                if (!key.isEmpty()) {
                    key.append('.');
                }
                advance();
            }
            key.append(token.name().orElseThrow(() -> wrong("a key after the dot")));
            advance();
        }
        return new Name(first.toLowerCase(Locale.ROOT), key.toString());
    }

    /** Whether the token follows the one before without a blank, as .5 does in params.v1.5. */
    private boolean adjoins() {
        return token.position() > 0 && !Character.isWhitespace(input.charAt(token.position() - 1));
    }

    private SearchClause clause() {
        int column = token.position() + 1;
        Name name = name();
        Comparator comparator = comparator();
        List<Object> values = switch (comparator) {
            case IS_NULL, IS_NOT_NULL -> List.of();
            case IN, NOT_IN -> list();
            case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST, LIKE, ILIKE -> List.of(value());
        };
        return new SearchClause(name.entity(), name.key(), comparator, values, column);
    }

    private Comparator comparator() {
        if (token.isWord("is")) {
            advance();
            boolean not = token.isWord("not");
            if (not) {
                advance();
            }
            expectWord("null");
            return not ? Comparator.IS_NOT_NULL : Comparator.IS_NULL;
        }
        if (token.isWord("not")) {
            advance();
            expectWord("in");
            return Comparator.NOT_IN;
        }
        Comparator found = Arrays.stream(Comparator.values())
                .filter(it -> it.symbol.equalsIgnoreCase(token.text()))
                .findFirst()
                .orElseThrow(() -> wrong("a comparator: = != < <= > >= LIKE ILIKE IN, NOT IN, IS NULL, IS NOT NULL"));
        advance();
        return found;
    }

    private void expectWord(String keyword) {
        if (!token.isWord(keyword)) {
            throw wrong(keyword.toUpperCase(Locale.ROOT));
        }
        advance();
    }

    private Object value() {
        Object value = switch (token.kind()) {
            case TEXT -> token.text();
            case NUMBER -> number(token.text());
            case WORD, QUOTED_NAME, COMPARATOR, DOT, COMMA, OPEN, CLOSE, END ->
                throw wrong("a number, or a text in quotes");
        };
        advance();
        return value;
    }

    private Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException malformed) {
            throw wrong("a number, or a text in quotes");
        }
    }

    private List<Object> list() {
        if (token.kind() != Kind.OPEN) {
            throw wrong("a list such as ('a', 'b')");
        }
        List<Object> values = new ArrayList<>();
        do {
            advance();
            values.add(value());
        } while (token.kind() == Kind.COMMA);
        if (token.kind() != Kind.CLOSE) {
            throw wrong("')'");
        }
        advance();
        return values;
    }

    private void advance() {
        token = reader.next();
    }

    private SearchMistakeException wrong(String expected) {
        String found = token.kind() == Kind.END ? "the end" : "'" + token.text() + "' at " + (token.position() + 1);
        return new SearchMistakeException(
                "filter: " + input + ": " + found + " (expected: " + expected + ")", token.position() + 1);
    }
}
