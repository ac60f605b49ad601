package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.util.List;

/** Holds a contract against that of the newest version; what is refused names the place in {@code schema}. */
final class EvolutionCheck {
    private final SourceSpec spec;

    EvolutionCheck(SourceSpec spec) {
        this.spec = spec;
    }

    /**
     * Refuses changes that the rules of the source don't allow.
     *
     * @param before of the newest version
     * @param columnsBefore of the newest version, promised or not
     * @param found the columns of the source; one that is not among those of its head may yet come
     * @throws InvalidInputException naming each column, what was promised and what is promised now
     */
    void require(Contract before, Schema columnsBefore, Outline found) {
        Contract after = spec.contract();
        List<Problem> problems = ContractComparison.compare(before, columnsBefore, after, found.schema()).stream()
                .filter(change ->
                        found.coverage() == Inspection.Coverage.WHOLE || change.kind() != ContractChange.Kind.DROP)
                .filter(change -> !after.evolution().allows(change))
                .map(change -> Problem.about(key(change), spec.dataset() + ": schema: " + change.refusal()))
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private String key(ContractChange change) {
        return spec.contract()
                .find(change.column())
                .map(column -> "schema." + column.name())
                .orElse("schema");
    }
}
