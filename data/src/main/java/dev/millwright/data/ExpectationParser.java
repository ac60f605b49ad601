package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import dev.millwright.data.ExpectationTokens.Token;
import dev.millwright.plan.RowExpression;
import dev.millwright.plan.SqlNames;
import java.util.Optional;

/**
 * Reads an {@link Expectation}: a measure with its bound, a reference to another table, a column compared with constants, or else a
 * condition of feature SQL.
 */
final class ExpectationParser {
    private final String text;
    private final ExpectationScope scope;
    private final ExpectationTokens tokens;

    ExpectationParser(String text, Problem.Position at, ExpectationScope scope) {
        this.text = text.strip();
        this.scope = scope;
        this.tokens = new ExpectationTokens(this.text, at);
    }

    Expectation parse() {
        Token first = tokens.peek();
        boolean call =
                first.kind() == ExpectationTokens.Kind.WORD && tokens.second().isSymbol("(");
        if (call && MeasureParser.isMeasure(first.text())) {
            return new MeasureParser(text, tokens, scope).parse();
        }
        // A column may be called rows: it is then a check of rows.
        if (first.isWord("rows") && scope.schema().find("rows").isEmpty()) {
            return new MeasureParser(text, tokens, scope).parse();
        }
        if (call) {
            refuseLikelySlip(first);
        }
        return reference().or(this::columnCheck).orElseGet(this::condition);
    }

    private Optional<Expectation> reference() {
        return new ReferenceParser(tokens, scope).parse().map(reference -> new Expectation.Partner(text, reference));
    }

    private Optional<Expectation> columnCheck() {
        tokens.restart();
        return new ColumnCheckParser(text, tokens, scope.schema()).parse();
    }

    /** {@code mising(amount) <= 5%} is no SQL, so what feature SQL would say of it helps nobody. */
    private void refuseLikelySlip(Token word) {
        boolean slip = !SqlNames.isFunction(word.text())
                && !word.isWord("not")
                && Words.nearest(word.text(), MeasureParser.NAMES).isPresent();
        if (slip) {
            throw tokens.wrong(
                    word.offset(),
                    "'" + word.text() + "' (expected: a measure or a function)."
                            + Words.suggestion(word.text(), MeasureParser.NAMES));
        }
    }

    private Expectation condition() {
        RowExpression condition;
        try {
            condition = RowExpression.condition(
                    text, tokens.place(0), scope.schema().columns(), scope.zone());
        } catch (InvalidInputException mistakes) {
            throw tokens.within(mistakes);
        }
        if (condition.columns().isEmpty()) {
            throw tokens.wrong(0, "looks at no column (expected: a check such as 'month between 1 and 12')");
        }
        return new Expectation.Condition(text, condition);
    }
}
