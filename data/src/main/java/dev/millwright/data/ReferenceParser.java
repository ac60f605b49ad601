package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import dev.millwright.data.Expectation.Polarity;
import dev.millwright.data.ExpectationTokens.Kind;
import dev.millwright.data.ExpectationTokens.Token;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code column in table.column} and {@code (column, …) in table(column, …)}, which SQL doesn't have. */
final class ReferenceParser {
    private final ExpectationTokens tokens;
    private final ExpectationScope scope;

    ReferenceParser(ExpectationTokens tokens, ExpectationScope scope) {
        this.tokens = tokens;
        this.scope = scope;
    }

    /** The tables that an expectation refers to, as far as that can be told without knowing any. */
    static Set<String> tables(ExpectationTokens tokens) {
        Set<String> tables = new LinkedHashSet<>();
        while (tokens.peek().kind() != Kind.END) {
            Token in = tokens.take();
            Token table = tokens.peek();
            boolean opens = tokens.second().isSymbol(".") || tokens.second().isSymbol("(");
            if (in.isWord("in") && table.isName() && opens) {
                tables.add(table.text());
            }
        }
        return tables;
    }

    /**
     * The reference; empty when the text is something else.
     *
     * @throws dev.millwright.core.InvalidInputException when it is one, and wrong
     */
    Optional<Reference> parse() {
        List<Token> columns = columns();
        Polarity polarity = tokens.acceptWord("not") ? Polarity.NEGATED : Polarity.POSITIVE;
        boolean in = tokens.acceptWord("in");
        Token table = tokens.take();
        boolean opens = tokens.peek().isSymbol(".") || tokens.peek().isSymbol("(");
        if (columns.isEmpty() || !in || !table.isName() || !opens) {
            return Optional.empty();
        }
        List<Token> others = others();
        tokens.end();
        return Optional.of(reference(columns, polarity, table, others));
    }

    /** One name, or several between brackets; none where something else stands. */
    private List<Token> columns() {
        boolean several = tokens.accept("(");
        List<Token> names = new ArrayList<>();
        do {
            names.add(tokens.take());
        } while (several && tokens.accept(","));
        boolean closed = !several || tokens.accept(")");
        return closed && names.stream().allMatch(Token::isName) ? names : List.of();
    }

    private List<Token> others() {
        if (tokens.accept(".")) {
            return List.of(name());
        }
        tokens.symbol("(");
        List<Token> names = new ArrayList<>();
        do {
            names.add(name());
        } while (tokens.accept(","));
        tokens.symbol(")");
        return names;
    }

    private Token name() {
        Token name = tokens.take();
        if (!name.isName()) {
            throw tokens.wrong(name, "a column");
        }
        return name;
    }

    private Reference reference(List<Token> columns, Polarity polarity, Token table, List<Token> others) {
        String dataset = scope.tables().keySet().stream()
                .filter(name -> name.equalsIgnoreCase(table.text()))
                .findFirst()
                .orElseThrow(() -> tokens.wrong(
                        table.offset(),
                        "'" + table.text() + "' (expected: a table of data:)."
                                + Words.suggestion(table.text(), scope.tables().keySet())));
        if (columns.size() != others.size()) {
            throw tokens.wrong(
                    others.getLast().offset(),
                    others.size() + " columns of " + dataset + " (expected: " + columns.size() + ", one for each)");
        }
        Schema other = scope.table(dataset);
        List<Column> own = new ArrayList<>();
        List<String> partners = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = column(columns.get(i), scope.schema(), "a column");
            Column partner = column(others.get(i), other, "a column of " + dataset);
            boolean comparable = column.type() == partner.type()
                    || (column.type().isNumeric() && partner.type().isNumeric());
            if (!comparable) {
                throw tokens.wrong(
                        others.get(i).offset(),
                        dataset + "." + partner.name() + ": " + partner.type().label() + " (expected: "
                                + column.type().label() + ", as " + column.name() + " is)");
            }
            own.add(column);
            partners.add(partner.name());
        }
        return new Reference(own, polarity, dataset, partners);
    }

    private Column column(Token name, Schema schema, String expected) {
        return schema.find(name.text())
                .orElseThrow(() -> tokens.wrong(
                        name.offset(),
                        "'" + name.text() + "' (expected: " + expected + ")."
                                + Words.suggestion(name.text(), schema.names())));
    }
}
