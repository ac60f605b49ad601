package dev.millwright.web;

import com.linecorp.armeria.common.QueryParams;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.InferenceResult;
import dev.millwright.web.page.EndpointPage.TryField;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.TryAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends what a person typed into an endpoint's form to the endpoint, as any client would. */
final class TryForms {
    private static final String PREFIX = "f.";
    private static final double MILLIS = 1e6;

    private final Site site;

    TryForms(Site site) {
        this.site = site;
    }

    TryAnswer answer(String endpoint, ModelSignature signature, QueryParams form) {
        try {
            Frame row = row(signature, form);
            return answer(
                    endpoint,
                    site.services()
                            .router()
                            .infer(new InferenceCall(endpoint, Optional.empty(), Optional.empty(), row)));
        } catch (MillwrightException refused) {
            return TryAnswer.failed(String.valueOf(refused.getMessage()));
        }
    }

    /** The fields with what was typed. */
    static List<TryField> typed(List<TryField> fields, QueryParams form) {
        return fields.stream()
                .map(field ->
                        new TryField(field.name(), field.number(), form.get(PREFIX + field.name(), field.value())))
                .toList();
    }

    private static Frame row(ModelSignature signature, QueryParams form) {
        List<FeatureColumn> columns = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (ModelSignature.Input input : signature.inputs()) {
            String value = form.get(PREFIX + input.name(), "");
            switch (input.type()) {
                case TEXT -> columns.add(new FeatureColumn.Text(input.name(), new String[] {value}));
                case NUMBER ->
                    columns.add(new FeatureColumn.Numeric(
                            input.name(), new float[] {number(input.name(), value.strip(), problems)}));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new Frame(1, columns);
    }

    private static float number(String name, String value, List<Problem> problems) {
        if (value.isEmpty()) {
            return Float.NaN;
        }
        try {
            float number = Float.parseFloat(value);
            if (Float.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            // Told below, like an infinity.
        }
        problems.add(Problem.of(name + ": '" + value + "' (expected: a number, or nothing where it is missing)"));
        return Float.NaN;
    }

    private TryAnswer answer(String endpoint, InferenceResult result) {
        String model = site.services()
                .router()
                .find(endpoint)
                .map(route -> route.versions().getFirst().model())
                .orElse("");
        String version = site.versionName(model, result.modelVersion());
        String took = Figures.milliseconds(result.nanos() / MILLIS);
        String id = result.predictionId(0);
        return switch (result.predictions()) {
            case Predictions.Values values ->
                new TryAnswer(Figures.metric(values.values()[0]), List.of(), version, id, took, "");
            case Predictions.Classes classes -> {
                int label = classes.labels()[0];
                List<TryAnswer.Bar> bars = new ArrayList<>();
                for (int i = 0; i < classes.classes().size(); i++) {
                    bars.add(new TryAnswer.Bar(classes.classes().get(i), classes.probability(0, i), i == label));
                }
                yield new TryAnswer(classes.classes().get(label), bars, version, id, took, "");
            }
        };
    }
}
