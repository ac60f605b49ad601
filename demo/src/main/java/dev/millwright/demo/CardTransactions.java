package dev.millwright.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Generates card transactions in the order of time. A pure function: the same parameters and seed give the same
 * transactions, and parameters that differ only in {@code days} or {@code changeDay} give the same ones up to there.
 *
 * <p>The approach is that of the simulator in Le Borgne, Siblini, Lebichot and Bontempi, <i>Reproducible Machine Learning
 * for Credit Card Fraud Detection: Practical Handbook</i> (2022), chapter 3: cards and terminals live on a map, each card
 * has its own amounts and frequency and pays at terminals within a radius, and three kinds of fraud are laid over that.
 * Ours adds channels, categories, online shops and habits that change. What changes, and how, is in {@link Habits}.
 *
 * <p>Immutable and thread-safe; each iterator belongs to one thread and holds one day in memory.
 */
public final class CardTransactions implements Iterable<Transaction> {
    private final Parameters parameters;
    private final World world;
    private final long seed;

    /**
     * Describes a world of cards.
     *
     * @param start midnight before the first transaction; also the offset of every day
     * @param days how many days are generated; they are made as they are read, so a large number costs nothing
     * @param changeDay the first day, counted from 0, on which people and criminals have new habits; at least
     *     {@code days} for never
     * @param cards each pays twice a day on average
     * @param terminals in shops; a tenth as many online shops are added
     */
    public record Parameters(Instant start, int days, int changeDay, int cards, int terminals) {
        private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

        public Parameters {
            atLeast("days", days, 1);
            atLeast("changeDay", changeDay, 0);
            atLeast("cards", cards, 1);
            atLeast("terminals", terminals, 10);
        }

        /** About 860 transactions a day for 100 days from 2026-01-01, with new habits from day 60. */
        public static Parameters defaults() {
            return new Parameters(DEFAULT_START, 100, 60, 400, 130);
        }

        public Parameters withDays(int newDays) {
            return new Parameters(start, newDays, changeDay, cards, terminals);
        }

        public Parameters withChangeDay(int newChangeDay) {
            return new Parameters(start, days, newChangeDay, cards, terminals);
        }

        public Parameters withCards(int newCards) {
            return new Parameters(start, days, changeDay, newCards, terminals);
        }

        public Parameters withTerminals(int newTerminals) {
            return new Parameters(start, days, changeDay, cards, newTerminals);
        }

        /** When the new habits begin. */
        public Instant change() {
            return start.plus(Duration.ofDays(changeDay));
        }

        private static void atLeast(String name, int value, int minimum) {
            if (value < minimum) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: at least " + minimum + ")");
            }
        }
    }

    public CardTransactions(Parameters parameters, long seed) {
        this.parameters = parameters;
        this.seed = seed;
        this.world = World.draw(parameters.cards(), parameters.terminals(), seed);
    }

    /** From the first transaction on. */
    @Override
    public Iterator<Transaction> iterator() {
        return new Days();
    }

    /** From the first transaction on, sequential and ordered. */
    public Stream<Transaction> stream() {
        int ordered = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), ordered), false);
    }

    private final class Days implements Iterator<Transaction> {
        private final Spells spells = new Spells(world, seed);
        private Iterator<Transaction> today = Collections.emptyIterator();
        private long lastId;
        private int day;

        @Override
        public boolean hasNext() {
            while (!today.hasNext() && day < parameters.days()) {
                spells.enter(day);
                Habits habits = day < parameters.changeDay() ? Habits.FORMER : Habits.NEW;
                Instant midnight = parameters.start().plus(Duration.ofDays(day));
                today = new Day(world, spells, habits, Draws.of(seed, Draws.Stream.PAYMENTS, day))
                        .transactions(midnight, lastId)
                        .iterator();
                day++;
            }
            return today.hasNext();
        }

        @Override
        public Transaction next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no transaction after day " + parameters.days());
            }
            Transaction transaction = today.next();
            lastId = transaction.id();
            return transaction;
        }
    }
}
