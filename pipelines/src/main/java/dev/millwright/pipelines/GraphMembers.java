package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.ModelVersionStatus;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The versions that one inference graph names, each of them once. Not thread-safe. */
final class GraphMembers implements AutoCloseable {
    private static final Pattern VERSION = Pattern.compile("(.+)/v?(\\d{1,9})");
    private static final Pattern ALIAS = Pattern.compile("(.+)@([^@/]+)");

    private final Registry registry;
    private final StoredVersions stored;
    private final UnaryOperator<ModelVersion> preparing;
    private final Map<String, Named> named = new LinkedHashMap<>();

    /** A version, and how it is asked. */
    record Named(ModelVersion version, Member member) {}

    /** @param preparing makes a version ready to serve that isn't yet */
    GraphMembers(Registry registry, StoredVersions stored, UnaryOperator<ModelVersion> preparing) {
        this.registry = registry;
        this.stored = stored;
        this.preparing = preparing;
    }

    /**
     * What {@code MODEL/VERSION} or {@code MODEL@ALIAS} means.
     *
     * @throws InvalidInputException saying why it is nothing that can be asked
     */
    Named find(String text) {
        ModelVersion version = version(text);
        Named known = named.get(version.id());
        if (known != null) {
            return known;
        }
        ModelVersion ready = ready(version);
        Named found = new Named(ready, stored.member(ready));
        named.put(version.id(), found);
        return found;
    }

    private ModelVersion version(String text) {
        Matcher numbered = VERSION.matcher(text);
        Matcher aliased = ALIAS.matcher(text);
        Optional<ModelVersion> version;
        String model;
        if (numbered.matches()) {
            model = numbered.group(1);
            version = registry.models().find(model, Integer.parseInt(numbered.group(2)));
        } else if (aliased.matches()) {
            model = aliased.group(1);
            version = registry.models().findByAlias(model, aliased.group(2));
        } else {
            throw new InvalidInputException(
                    Words.shortened(text) + " (expected: MODEL/VERSION or MODEL@ALIAS, such as churn/3)");
        }
        return version.filter(found -> found.status() != ModelVersionStatus.DELETED)
                .orElseThrow(() -> new InvalidInputException(Words.shortened(text)
                        + " (expected: a registered version)." + Words.suggestion(text, candidates(model))));
    }

    private List<String> candidates(String model) {
        Optional<RegisteredModel> found = registry.registeredModels().find(model);
        if (found.isEmpty()) {
            return registry.models().list().stream()
                    .map(each -> each.name() + "/1")
                    .toList();
        }
        List<String> ids = new ArrayList<>();
        registry.models().versions(model).forEach(version -> ids.add(version.id()));
        found.get().aliases().keySet().forEach(alias -> ids.add(model + "@" + alias));
        return ids;
    }

    private ModelVersion ready(ModelVersion version) {
        try {
            return preparing.apply(version);
        } catch (MillwrightException unfit) {
            if (unfit.code() == RegistryError.NOT_SERVABLE
                    || unfit.code() == PipelineError.GATE_REFUSED
                    || unfit.code() == PipelineError.REFUSED_VERSION) {
                throw new InvalidInputException(String.valueOf(unfit.getMessage()));
            }
            throw unfit;
        }
    }

    /** The versions, in the order in which they were named first. */
    List<ModelVersion> versions() {
        return named.values().stream().map(Named::version).toList();
    }

    /** What was lent for them. */
    List<Member> members() {
        return named.values().stream().map(Named::member).toList();
    }

    /** Gives all of them back. */
    @Override
    public void close() {
        members().forEach(Member::close);
    }
}
