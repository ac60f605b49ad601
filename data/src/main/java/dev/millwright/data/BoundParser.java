package dev.millwright.data;

import dev.millwright.data.Bound.Base;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.ExpectationTokens.Kind;
import dev.millwright.data.ExpectationTokens.Token;
import java.math.BigDecimal;

/** Reads what a measure is held to: a comparison or a range, of numbers or of percentages of the previous version. */
final class BoundParser {
    /** No rows at all. */
    static final Bound NONE = new Bound.Compared(Comparator.EQUAL, BigDecimal.ZERO, Base.ABSOLUTE);

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final ExpectationTokens tokens;
    private final Measure measure;

    BoundParser(ExpectationTokens tokens, Measure measure) {
        this.tokens = tokens;
        this.measure = measure;
    }

    /** A number as it was written, whose meaning a word behind it may yet change. */
    private record Quantity(Token at, BigDecimal number, Sign sign) {}

    private enum Sign {
        PLAIN,
        PERCENT
    }

    Bound parse() {
        if (tokens.acceptWord("within")) {
            return within();
        }
        if (tokens.acceptWord("between")) {
            return between();
        }
        Token sign = tokens.take();
        Comparator comparator = ColumnCheckParser.comparator(sign)
                .orElseThrow(() -> tokens.wrong(sign, "=, !=, <, <=, >, >=, between or within"));
        Quantity quantity = quantity();
        Base base = base();
        return new Bound.Compared(comparator, number(quantity, base), base);
    }

    private Bound between() {
        Quantity low = quantity();
        tokens.word("and");
        Quantity high = quantity();
        Base base = base();
        BigDecimal from = number(low, base);
        BigDecimal to = number(high, base);
        if (from.compareTo(to) > 0) {
            throw tokens.wrong(
                    low.at().offset(),
                    "between " + low.at().text() + " and " + high.at().text() + " (expected: the smaller bound first)");
        }
        return new Bound.Between(from, to, base);
    }

    /** {@code within 20% of previous}: not further from what it was. */
    private Bound within() {
        Quantity share = quantity();
        if (base() == Base.ABSOLUTE) {
            throw tokens.wrong(tokens.peek(), "'of previous', as in within 20% of previous");
        }
        BigDecimal apart = number(share, Base.PREVIOUS);
        return new Bound.Between(HUNDRED.subtract(apart), HUNDRED.add(apart), Base.PREVIOUS);
    }

    private Base base() {
        Token of = tokens.peek();
        if (!tokens.acceptWord("of")) {
            return Base.ABSOLUTE;
        }
        tokens.word("previous");
        if (measure.unit() == Measure.Unit.SECONDS || measure instanceof Measure.Drift) {
            throw tokens.wrong(of.offset(), "'of previous' (expected: the end, for " + measure.text() + ")");
        }
        return Base.PREVIOUS;
    }

    private Quantity quantity() {
        Token token = tokens.take();
        if (token.kind() != Kind.NUMBER) {
            throw tokens.wrong(token, expected());
        }
        BigDecimal number = new BigDecimal(token.text());
        if (measure.unit() == Measure.Unit.SECONDS) {
            return new Quantity(token, number.multiply(seconds(tokens.take())), Sign.PLAIN);
        }
        return new Quantity(token, number, tokens.accept("%") ? Sign.PERCENT : Sign.PLAIN);
    }

    private BigDecimal seconds(Token unit) {
        return BigDecimal.valueOf(
                switch (unit.text()) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3600;
                    case "d" -> 86_400;
                    default -> throw tokens.wrong(unit, "a unit of time: s, m, h or d, as in 2d");
                });
    }

    private String expected() {
        return switch (measure.unit()) {
            case ROWS -> "a whole number, or a share of the previous version such as 80% of previous";
            case SHARE -> "a share such as 5%";
            case NUMBER -> "a number, or a share of the previous version such as 80% of previous";
            case SECONDS -> "a time such as 2d";
        };
    }

    private BigDecimal number(Quantity quantity, Base base) {
        BigDecimal number = quantity.number();
        boolean percent = quantity.sign() == Sign.PERCENT;
        return switch (base) {
            case PREVIOUS -> {
                if (!percent || number.signum() < 0) {
                    throw tokens.wrong(quantity.at(), "a share of the previous version such as 80% of previous");
                }
                yield number;
            }
            case ABSOLUTE ->
                switch (measure.unit()) {
                    case SHARE -> share(quantity.at(), percent ? number.movePointLeft(2) : number);
                    case ROWS ->
                        plain(
                                quantity,
                                number.signum() >= 0
                                        && number.stripTrailingZeros().scale() <= 0);
                    case NUMBER -> plain(quantity, true);
                    case SECONDS -> plain(quantity, number.signum() >= 0);
                };
        };
    }

    private BigDecimal plain(Quantity quantity, boolean possible) {
        if (quantity.sign() == Sign.PERCENT || !possible) {
            throw tokens.wrong(quantity.at(), expected());
        }
        return quantity.number();
    }

    private BigDecimal share(Token at, BigDecimal share) {
        if (share.signum() < 0 || share.compareTo(BigDecimal.ONE) > 0) {
            throw tokens.wrong(at, "a share from 0% to 100%");
        }
        return share;
    }
}
