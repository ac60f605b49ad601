package dev.millwright.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.demo.CardTransactions.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CardTransactionsTest {
    private static final Parameters SMALL =
            Parameters.defaults().withDays(12).withChangeDay(6).withCards(200).withTerminals(60);

    private static List<Transaction> generate(Parameters parameters, long seed) {
        return new CardTransactions(parameters, seed).stream().toList();
    }

    @Test
    void givesTheSameTransactionsForTheSameSeed() {
        assertThat(generate(SMALL, 7)).isEqualTo(generate(SMALL, 7));
        assertThat(generate(SMALL, 8)).isNotEqualTo(generate(SMALL, 7));
    }

    @Test
    void canBeIteratedTwice() {
        CardTransactions transactions = new CardTransactions(SMALL, 7);

        assertThat(transactions).containsExactlyElementsOf(transactions.stream().toList());
    }

    @Test
    void keepsItsFirstDays_whenMoreDaysAreAsked() {
        List<Transaction> few = generate(SMALL.withDays(4), 7);

        assertThat(generate(SMALL, 7).subList(0, few.size())).isEqualTo(few);
    }

    @Test
    void isTheSameUpToTheChange_wheneverThatComes() {
        List<Transaction> never = generate(SMALL.withChangeDay(100), 7);
        List<Transaction> changed = generate(SMALL, 7);
        int before = (int) changed.stream()
                .filter(transaction -> transaction.paidAt().isBefore(SMALL.change()))
                .count();

        assertThat(changed.subList(0, before)).isEqualTo(never.subList(0, before));
        assertThat(changed.get(before)).isNotEqualTo(never.get(before));
    }

    @Test
    void comesInTheOrderOfTime_numberedFromOne() {
        Instant last = SMALL.start();
        long id = 0;
        for (Transaction transaction : new CardTransactions(SMALL, 7)) {
            assertThat(transaction.paidAt()).isAfterOrEqualTo(last);
            assertThat(transaction.id()).isEqualTo(++id);
            last = transaction.paidAt();
        }
        assertThat(last)
                .isBetween(
                        SMALL.start().plus(Duration.ofDays(11)), SMALL.start().plus(Duration.ofDays(12)));
    }

    @Test
    void makesDaysAsTheyAreRead_soThatTheyCanGoOnForYears() {
        Iterator<Transaction> endless = new CardTransactions(SMALL.withDays(Integer.MAX_VALUE), 7).iterator();

        assertThat(endless.next().id()).isEqualTo(1);
    }

    @Test
    void endsAfterItsLastDay() {
        Iterator<Transaction> transactions = new CardTransactions(SMALL.withDays(1), 7).iterator();
        transactions.forEachRemaining(transaction -> {});

        assertThatThrownBy(transactions::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("no transaction after day 1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Scenario.class,
            names = {"OVERSIZED_AMOUNT", "COMPROMISED_TERMINAL", "STOLEN_CARD"})
    void hasEachKindOfFraud_beforeTheChangeAndAfterIt(Scenario scenario) {
        Parameters parameters = Parameters.defaults();
        List<Transaction> all = generate(parameters, 1);

        assertThat(share(Sample.before(all, parameters), scenario)).isBetween(0.002, 0.025);
        assertThat(share(Sample.after(all, parameters), scenario)).isBetween(0.002, 0.025);
    }

    @Test
    void hasAsManyTransactionsAndFraudsAsItSays() {
        Parameters parameters = Parameters.defaults();
        List<Transaction> all = generate(parameters, 1);

        assertThat(all.size() / (double) parameters.days()).isBetween(800.0, 920.0);
        assertThat(share(all, Scenario.GENUINE)).isBetween(0.96, 0.98);
    }

    @Test
    void letsEachCardPayAtFewTerminals() {
        List<Transaction> genuine = generate(SMALL.withChangeDay(100), 7).stream()
                .filter(transaction ->
                        !transaction.isFraud() && !transaction.channel().equals("online"))
                .toList();
        HashSet<String> terminals = new HashSet<>();
        genuine.stream()
                .filter(transaction -> transaction.card().equals("C00001"))
                .forEach(transaction -> terminals.add(transaction.terminal()));

        assertThat(terminals).hasSizeBetween(1, 20);
    }

    @Test
    void makesEverythingAtACompromisedTerminalAFraud() {
        List<Transaction> all = generate(SMALL, 7);
        Transaction known = all.stream()
                .filter(transaction -> transaction.scenario() == Scenario.COMPROMISED_TERMINAL)
                .findFirst()
                .orElseThrow();
        List<Transaction> there = all.stream()
                .filter(transaction -> transaction.terminal().equals(known.terminal()))
                .filter(transaction -> Sample.day(transaction).equals(Sample.day(known)))
                .toList();

        assertThat(there).isNotEmpty().allMatch(Transaction::isFraud);
    }

    @Test
    void rejectsParametersThatMakeNoWorld() {
        assertThatThrownBy(() -> Parameters.defaults().withCards(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cards: 0 (expected: at least 1)");
        assertThatThrownBy(() -> Parameters.defaults().withTerminals(9))
                .hasMessage("terminals: 9 (expected: at least 10)");
    }

    private static double share(List<Transaction> transactions, Scenario scenario) {
        return Sample.share(transactions, transaction -> transaction.scenario() == scenario);
    }
}
