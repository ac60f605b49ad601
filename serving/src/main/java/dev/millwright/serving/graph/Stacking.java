package dev.millwright.serving.graph;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.core.Task;
import dev.millwright.serving.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What members predict are columns for a final model, beside columns of the rows themselves. Members need not be of one task. */
public final class Stacking implements RowNode {
    private final List<RowNode> members;
    private final RowNode last;
    private final List<Source> sources;
    private final ModelSignature signature;
    private final List<Columns.Pick> picks;
    private final Together together;

    private Stacking(
            List<RowNode> members, RowNode last, List<Source> sources, ModelSignature signature, Together together) {
        this.members = members;
        this.last = last;
        this.sources = sources;
        this.signature = signature;
        this.together = together;
        this.picks = members.stream()
                .map(member ->
                        Columns.pick(signature.inputs(), member.signature().inputs()))
                .toList();
    }

    /**
     * @param names of the members, for problems
     * @param sources of the final model's columns, in its order
     * @throws dev.millwright.core.InvalidInputException with problems about {@code of.NAME}, and about {@code take[n]} for the
     *     final model's n-th column
     */
    public static Stacking of(
            List<String> names, List<RowNode> members, RowNode last, List<Source> sources, Together together) {
        List<Problem> problems = new ArrayList<>();
        Columns columns = new Columns(problems);
        for (int i = 0; i < members.size(); i++) {
            columns.add("of." + names.get(i), members.get(i).signature().inputs());
        }
        for (int i = 0; i < sources.size(); i++) {
            Input input = last.signature().inputs().get(i);
            String problem = problem(sources.get(i), input, members);
            if (problem != null) {
                problems.add(Problem.about("take[" + i + "]", problem));
            } else if (sources.get(i) instanceof Source.Feature(String column)) {
                columns.add("take[" + i + "]", List.of(new Input(column, input.type())));
            }
        }
        Columns.requireNone(problems);
        ModelSignature of = last.signature();
        return new Stacking(
                List.copyOf(members),
                last,
                List.copyOf(sources),
                new ModelSignature(of.task(), columns.list(), of.classes(), of.threshold()),
                together);
    }

    private static @Nullable String problem(Source source, Input input, List<RowNode> members) {
        InputType given = source instanceof Source.Label ? InputType.TEXT : InputType.NUMBER;
        return switch (source) {
            case Source.Feature feature -> null;
            case Source.Prediction(int member)
            when members.get(member).signature().task() == Task.MULTICLASS ->
                "the prediction of a classifier of "
                        + members.get(member).signature().classes().size()
                        + " classes (expected: one number). Name a class: NAME.CLASS.";
            case Source.Probability(int member, String label)
            when !members.get(member).signature().classes().contains(label) ->
                "class " + label + " (expected: one of "
                        + members.get(member).signature().classes() + ")";
            case Source.Label(int member)
            when !members.get(member).signature().task().isClassification() ->
                "the label of a regressor (expected: one of a classifier)";
            case Source.Prediction p -> mismatch(given, input);
            case Source.Probability p -> mismatch(given, input);
            case Source.Label l -> mismatch(given, input);
        };
    }

    private static @Nullable String mismatch(InputType given, Input input) {
        return given == input.type()
                ? null
                : (given == InputType.TEXT ? "text" : "a number") + " (expected: "
                        + (input.type() == InputType.TEXT ? "text" : "a number") + ", as the final model's column "
                        + input.name() + " is)";
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        List<Together.Asking> askings = new ArrayList<>(members.size());
        for (int i = 0; i < members.size(); i++) {
            RowNode member = members.get(i);
            Columns.Pick pick = picks.get(i);
            askings.add(new Together.Asking(member.recentNanos(), () -> member.predict(pick.of(rows), deadline)));
        }
        List<Predictions> answers = together.ask(askings);
        List<FeatureColumn> columns = new ArrayList<>(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            columns.add(column(last.signature().inputs().get(i).name(), sources.get(i), rows, answers));
        }
        return last.predict(new Frame(rows.rows(), columns), deadline);
    }

    private static FeatureColumn column(String name, Source source, Frame rows, List<Predictions> answers) {
        return switch (source) {
            case Source.Feature(String column) ->
                switch (rows.column(column)) {
                    case FeatureColumn.Numeric(String own, float[] values) -> new FeatureColumn.Numeric(name, values);
                    case FeatureColumn.Text(String own, String[] values) -> new FeatureColumn.Text(name, values);
                };
            case Source.Prediction(int member) ->
                new FeatureColumn.Numeric(
                        name,
                        switch (answers.get(member)) {
                            case Predictions.Classes classes -> classes.positive();
                            case Predictions.Values(float[] values) -> values;
                        });
            case Source.Probability(int member, String label) ->
                new FeatureColumn.Numeric(name, probabilities((Predictions.Classes) answers.get(member), label));
            case Source.Label(int member) ->
                new FeatureColumn.Text(name, labels((Predictions.Classes) answers.get(member)));
        };
    }

    private static float[] probabilities(Predictions.Classes answers, String label) {
        int index = answers.classes().indexOf(label);
        float[] values = new float[answers.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = answers.probability(row, index);
        }
        return values;
    }

    private static String[] labels(Predictions.Classes answers) {
        String[] labels = new String[answers.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = answers.classes().get(answers.labels()[row]);
        }
        return labels;
    }

    @Override
    public long recentNanos() {
        return members.stream().mapToLong(RowNode::recentNanos).sum() + last.recentNanos();
    }
}
