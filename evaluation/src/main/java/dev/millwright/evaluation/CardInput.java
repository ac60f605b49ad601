package dev.millwright.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * What a model card is made of.
 *
 * @param reproduce the commands that make the model again
 */
public record CardInput(ReportInput report, Statements statements, List<String> reproduce) {

    /** What only people can say. Where nothing is said, the card says "Not stated". */
    public record Statements(
            Optional<String> developer,
            Optional<String> licence,
            Optional<String> contact,
            Optional<String> intendedUse,
            Optional<String> outOfScope,
            Optional<String> factors,
            Optional<String> ethics,
            List<String> caveats) {
        public Statements {
            caveats = List.copyOf(caveats);
        }

        public static Statements none() {
            return new Statements(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
        }
    }

    public CardInput {
        reproduce = List.copyOf(reproduce);
    }
}
