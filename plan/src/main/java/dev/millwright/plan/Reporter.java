package dev.millwright.plan;

import dev.millwright.core.Problem;
import java.util.Collection;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Collects mistakes with their place in the file. Reporting the same mistake twice counts once. */
record Reporter(SqlSource source, Collection<Problem> problems) {
    void report(SqlNode node, String message) {
        report(node.getParserPosition(), message);
    }

    void report(SqlParserPos at, String message) {
        Problem problem = Problem.at(source.position(at), message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** The node as it was written. */
    String text(SqlNode node) {
        return source.text(node.getParserPosition());
    }

    /** Reports and gives what stands in the plan instead. */
    Expression broken(SqlNode node, String message) {
        report(node, message);
        return new Expression.Broken();
    }
}
