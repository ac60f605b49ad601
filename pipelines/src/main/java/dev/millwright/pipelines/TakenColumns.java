package dev.millwright.pipelines;

import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Words;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.serving.graph.RowNode;
import dev.millwright.serving.graph.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Where the columns of a model come from that is asked after others: {@code NAME} is what the member of that name predicts, {@code
 * NAME.CLASS} the probability of a class, {@code NAME.label} its label, and anything else a column of the rows.
 */
record TakenColumns(YamlSource source, List<String> names, List<RowNode> members) {
    private static final String LABEL = "label";

    /**
     * The sources of a model's columns, in its order; empty after a problem was reported.
     *
     * @param take a list of them, a mapping from columns to them, or nothing: then each column is looked for by its own name
     */
    Optional<List<Source>> of(GraphBody body, Optional<Node> take, List<Input> columns) {
        if (take.isPresent() && take.get() instanceof SequenceNode list) {
            return listed(body, list, columns);
        }
        Map<String, Node> said = take.map(
                        node -> Section.of(source, body.child("take"), node).entries())
                .orElse(Map.of());
        List<String> known = columns.stream().map(Input::name).toList();
        boolean fine = true;
        for (Map.Entry<String, Node> entry : said.entrySet()) {
            if (!known.contains(entry.getKey())) {
                fine = false;
                source.report(
                        entry.getValue(),
                        body.child("take") + "." + entry.getKey() + " (expected: a column of the model)."
                                + Words.suggestion(entry.getKey(), known));
            }
        }
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Node node = said.get(known.get(i));
            sources.add(
                    node == null ? named(known.get(i)) : text(body, i, node, body.child("take") + "." + known.get(i)));
        }
        return fine ? Optional.of(sources) : Optional.empty();
    }

    private Optional<List<Source>> listed(GraphBody body, SequenceNode list, List<Input> columns) {
        if (list.getValue().size() != columns.size()) {
            source.report(
                    list,
                    body.child("take") + ": " + list.getValue().size() + " (expected: " + columns.size()
                            + ", one for each column of the model: "
                            + Words.shortened(String.join(
                                    ", ", columns.stream().map(Input::name).toList()))
                            + ")");
            return Optional.empty();
        }
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            sources.add(text(body, i, list.getValue().get(i), body.child("take[" + i + "]")));
        }
        return Optional.of(sources);
    }

    private Source text(GraphBody body, int column, Node node, String path) {
        body.place("take[" + column + "]", path, source.position(node));
        return named(source.text(node, path).map(PipelineFile.Located::text).orElse(""));
    }

    private Source named(String text) {
        if (names.contains(text)) {
            return new Source.Prediction(names.indexOf(text));
        }
        for (int member = 0; member < names.size(); member++) {
            if (text.startsWith(names.get(member) + ".")) {
                String part = text.substring(names.get(member).length() + 1);
                boolean isClass = members.get(member).signature().classes().contains(part);
                return part.equals(LABEL) && !isClass ? new Source.Label(member) : new Source.Probability(member, part);
            }
        }
        return new Source.Feature(text);
    }

    /** The members of which nothing is taken. */
    static List<Integer> unused(List<Source> sources, int members) {
        List<Integer> unused = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            int wanted = member;
            if (sources.stream().noneMatch(each -> member(each) == wanted)) {
                unused.add(member);
            }
        }
        return unused;
    }

    private static int member(Source source) {
        return switch (source) {
            case Source.Feature feature -> -1;
            case Source.Prediction(int member) -> member;
            case Source.Probability(int member, String label) -> member;
            case Source.Label(int member) -> member;
        };
    }
}
