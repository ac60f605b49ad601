package dev.millwright.demo;

import dev.millwright.demo.CardTransactions.Parameters;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** What tests ask of transactions. */
final class Sample {
    private Sample() {}

    static List<Transaction> before(List<Transaction> all, Parameters parameters) {
        return all.stream()
                .filter(transaction -> transaction.paidAt().isBefore(parameters.change()))
                .toList();
    }

    static List<Transaction> after(List<Transaction> all, Parameters parameters) {
        return all.stream()
                .filter(transaction -> !transaction.paidAt().isBefore(parameters.change()))
                .toList();
    }

    static LocalDate day(Transaction transaction) {
        return LocalDate.ofInstant(transaction.paidAt(), ZoneOffset.UTC);
    }

    static int hour(Transaction transaction) {
        return transaction.paidAt().atOffset(ZoneOffset.UTC).getHour();
    }

    static double share(List<Transaction> transactions, Predicate<Transaction> condition) {
        return transactions.stream().filter(condition).count() / (double) transactions.size();
    }

    /**
     * Population stability index: {@code Σ (q - p) ln(q / p)} over the values of a column. Above 0.2 a shift is
     * customarily called large.
     */
    static double psi(List<Transaction> reference, List<Transaction> current, Function<Transaction, String> column) {
        Set<String> values = new TreeSet<>(reference.stream().map(column).toList());
        values.addAll(current.stream().map(column).toList());
        return values.stream()
                .mapToDouble(value -> {
                    Predicate<Transaction> same =
                            transaction -> column.apply(transaction).equals(value);
                    double p = Math.max(1e-4, share(reference, same));
                    double q = Math.max(1e-4, share(current, same));
                    return (q - p) * Math.log(q / p);
                })
                .sum();
    }
}
