package dev.millwright.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.demo.CardTransactions.Parameters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the change is one: in what a model sees, and in what it has to find. */
class DriftTest {
    private static final Parameters PARAMETERS = Parameters.defaults();
    private static final List<Transaction> ALL =
            new CardTransactions(PARAMETERS, 1).stream().toList();
    private static final List<Transaction> BEFORE = Sample.before(ALL, PARAMETERS);
    private static final List<Transaction> AFTER = Sample.after(ALL, PARAMETERS);

    @Test
    void shiftsTheColumnsThatAModelSees() {
        assertThat(Sample.psi(BEFORE, AFTER.subList(0, 2000), Transaction::channel))
                .isGreaterThan(0.2);
        assertThat(Sample.psi(BEFORE, AFTER.subList(0, 2000), Transaction::category))
                .isGreaterThan(0.2);
    }

    @Test
    void shiftsNothing_beforeTheChange() {
        for (int from = 10_000; from + 2000 <= BEFORE.size(); from += 2000) {
            List<Transaction> window = BEFORE.subList(from, from + 2000);
            assertThat(Sample.psi(BEFORE.subList(0, 10_000), window, Transaction::channel))
                    .isLessThan(0.05);
            assertThat(Sample.psi(BEFORE.subList(0, 10_000), window, Transaction::category))
                    .isLessThan(0.05);
        }
    }

    @Test
    void hidesFraudFromWhoeverKnowsOnlyTheFormerHabits() {
        assertThat(Sample.share(frauds(BEFORE), DriftTest::isLargeOrStripe)).isGreaterThan(0.6);
        assertThat(Sample.share(frauds(AFTER), DriftTest::isLargeOrStripe)).isLessThan(0.2);
    }

    @Test
    void leavesTracksThatCanBeLearnt() {
        assertThat(Sample.share(frauds(AFTER), DriftTest::isSmallAndSly)).isGreaterThan(0.7);
        assertThat(Sample.share(genuine(AFTER), DriftTest::isSmallAndSly)).isLessThan(0.05);
    }

    @Test
    void keepsSomeOfTheFormerFrauds() {
        assertThat(Sample.share(frauds(AFTER), DriftTest::isLargeOrStripe)).isGreaterThan(0.02);
    }

    /** What anybody would look for who has only seen the former habits. */
    private static boolean isLargeOrStripe(Transaction payment) {
        return payment.amount().doubleValue() > 220 || payment.channel().equals("stripe");
    }

    /** And the new ones. */
    private static boolean isSmallAndSly(Transaction payment) {
        double amount = payment.amount().doubleValue();
        return switch (payment.channel()) {
            case "online" -> Sample.hour(payment) < 6 && amount < 30;
            case "contactless" -> amount >= 45 && amount < 50;
            default -> false;
        };
    }

    private static List<Transaction> frauds(List<Transaction> transactions) {
        return transactions.stream().filter(Transaction::isFraud).toList();
    }

    private static List<Transaction> genuine(List<Transaction> transactions) {
        return transactions.stream()
                .filter(transaction -> !transaction.isFraud())
                .toList();
    }
}
