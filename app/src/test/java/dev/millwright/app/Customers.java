package dev.millwright.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Generated customers, of whom some leave, and a pipeline that learns who will. */
final class Customers {
    /** The columns of the view, as a row to predict. */
    static final String ROW = "{\"spend\": 20, \"visits\": 25, \"plan\": \"basic\", \"city\": \"Oslo\"}";

    static final List<String> STEPS = List.of(
            "ingest customers",
            "features",
            "train logistic_regression",
            "train xgboost",
            "evaluate",
            "register",
            "parity",
            "gate",
            "deploy");

    private Customers() {}

    /** Writes {@code rows} customers; the same seed gives the same. */
    static Path write(Path file, int rows, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("id,spend,visits,plan,city,churned\n");
        List<String> plans = List.of("basic", "plus", "pro");
        List<String> cities = List.of("Bern", "Oslo", "Rome", "Lima");
        for (int i = 0; i < rows; i++) {
            double spend = 50 + 20 * random.nextGaussian();
            int visits = random.nextInt(31);
            String plan = plans.get(random.nextInt(plans.size()));
            double reason = 0.1 * visits - 0.03 * spend + (plan.equals("basic") ? 1 : 0) - 0.5 + random.nextGaussian();
            text.append(String.format(
                    Locale.ROOT,
                    "%d,%.2f,%d,%s,%s,%s%n",
                    i,
                    spend,
                    visits,
                    plan,
                    cities.get(random.nextInt(cities.size())),
                    reason > 0 ? "yes" : "no"));
        }
        return write(file, text.toString());
    }

    /** Writes the pipeline; {@code more} is put at its end: gates, deployment. */
    static Path pipeline(Path file, String more) {
        return write(file, """
                pipeline: keep
                data:
                  customers: ${DATA:-customers.csv}
                features:
                  sql: SELECT spend, visits, plan, city FROM customers
                label: churned = 'yes'
                train:
                  split: {by: random, test: 20%, validation: 20% of the rest}
                  learners:
                    - logistic_regression
                    - xgboost: {n_estimators: 20, max_depth: 3}
                  seed: 7
                """ + more);
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException failed) {
            throw new IllegalStateException(file + " could not be written", failed);
        }
    }
}
