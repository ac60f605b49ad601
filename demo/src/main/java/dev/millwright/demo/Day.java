package dev.millwright.demo;

import dev.millwright.demo.Habits.Payment;
import dev.millwright.demo.World.Card;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The payments of one day. */
record Day(World world, Spells spells, Habits habits, Draws draws) {
    /** Of the payments made with a stolen card, those that the thief makes. */
    private static final double THIEFS_SHARE = 0.5;
    /** Of the frauds after the change, those still done in the former way. */
    private static final double SLOW_LEARNERS = 0.2;

    /** Numbered from {@code lastId + 1} in the order of time. */
    List<Transaction> transactions(Instant midnight, long lastId) {
        List<Payment> payments = new ArrayList<>(habits.oversized(world, draws));
        for (Card card : world.cards()) {
            for (int i = draws.poisson(card.perDay()); i > 0; i--) {
                payments.add(payment(card));
            }
        }
        payments.sort(Comparator.comparingInt(Payment::second));
        List<Transaction> transactions = new ArrayList<>(payments.size());
        for (Payment payment : payments) {
            transactions.add(transaction(payment, midnight, lastId + transactions.size() + 1));
        }
        return transactions;
    }

    private Payment payment(Card card) {
        Payment owners = habits.genuine(card, world, draws);
        if (spells.isStolen(card) && draws.chance(THIEFS_SHARE)) {
            return criminals().stolen(card, world, owners, draws);
        }
        return spells.isCompromised(owners.terminal()) ? criminals().compromised(owners, draws) : owners;
    }

    private Habits criminals() {
        return draws.chance(SLOW_LEARNERS) ? Habits.FORMER : habits;
    }

    private static Transaction transaction(Payment payment, Instant midnight, long id) {
        long cents = Math.max(1, Math.round(payment.amount() * 100));
        return new Transaction(
                id,
                midnight.plusSeconds(payment.second()),
                payment.card().id(),
                payment.terminal().id(),
                BigDecimal.valueOf(cents, 2),
                payment.channel(),
                payment.terminal().category(),
                payment.scenario());
    }
}
