package dev.millwright.demo;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * One payment by card.
 *
 * @param id counts from 1 in the order of time
 * @param paidAt in whole seconds
 * @param card such as {@code C00042}
 * @param terminal where it was paid, such as {@code T0007}; online shops are {@code W0007}
 * @param amount above zero, two decimals
 * @param channel how the card was read: {@code chip}, {@code contactless}, {@code stripe} or {@code online}
 * @param category what the terminal sells, such as {@code grocery}
 * @param scenario why it is a fraud, or {@link Scenario#GENUINE}
 */
public record Transaction(
        long id,
        Instant paidAt,
        String card,
        String terminal,
        BigDecimal amount,
        String channel,
        String category,
        Scenario scenario) {
    public Transaction {
        if (amount.signum() <= 0 || amount.scale() != 2) {
            throw new IllegalArgumentException("amount: " + amount + " (expected: above 0, with two decimals)");
        }
    }

    public boolean isFraud() {
        return scenario.isFraud();
    }

    /** What a shop sends at the time of payment, as one JSON object: everything but whether it is a fraud. */
    public String eventJson() {
        return "{\"transaction_id\":" + id + ",\"paid_at\":\"" + paidAt + "\",\"card_id\":\"" + card
                + "\",\"terminal_id\":\"" + terminal + "\",\"amount\":" + amount.toPlainString() + ",\"channel\":\""
                + channel + "\",\"category\":\"" + category + "\"}";
    }
}
