package dev.millwright.demo;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.demo.CardTransactions.Parameters;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;

/** Card transactions as a CSV file after RFC 4180: a header, lines that end in CR LF, UTF-8. */
public final class FraudData {
    private static final String END_OF_LINE = "\r\n";
    private static final String HEADER =
            "transaction_id,paid_at,card_id,terminal_id,amount,channel,category,is_fraud,scenario";

    private FraudData() {}

    /**
     * Writes all that {@code parameters} and {@code seed} give.
     *
     * @return the number of transactions written
     * @throws MillwrightException when the file cannot be written
     */
    public static long write(Path csv, Parameters parameters, long seed) {
        return write(csv, new CardTransactions(parameters, seed).iterator());
    }

    /**
     * Writes what is left of {@code transactions}. The file appears, or is replaced, only when it is complete; folders
     * are made as needed.
     *
     * @return the number of transactions written
     * @throws MillwrightException when the file cannot be written
     */
    public static long write(Path csv, Iterator<Transaction> transactions) {
        Path target = csv.toAbsolutePath();
        Path folder = target.resolveSibling("");
        try {
            Files.createDirectories(folder);
            Path aside = Files.createTempFile(folder, target.getFileName().toString(), ".part");
            try {
                long written = writeAll(aside, transactions);
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return written;
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException failed) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    csv + ": not written (" + failed.getMessage()
                            + "). Check that the folder is writable and the disk has room, then try again.",
                    failed);
        }
    }

    private static long writeAll(Path file, Iterator<Transaction> transactions) throws IOException {
        long written = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.append(HEADER).append(END_OF_LINE);
            while (transactions.hasNext()) {
                out.append(line(transactions.next())).append(END_OF_LINE);
                written++;
            }
        }
        return written;
    }

    /** No field needs quotes: ids, words, numbers and times hold no comma, quote or line end. */
    private static String line(Transaction transaction) {
        return transaction.id() + "," + transaction.paidAt() + "," + transaction.card() + "," + transaction.terminal()
                + "," + transaction.amount().toPlainString() + "," + transaction.channel() + ","
                + transaction.category() + "," + (transaction.isFraud() ? 1 : 0) + ","
                + transaction.scenario().label();
    }
}
