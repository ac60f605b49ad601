package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.NewRegistration;
import dev.millwright.registry.Registry;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.remote.RemoteLinkJson;
import dev.millwright.serving.remote.RemoteModels;
import dev.millwright.serving.remote.RemoteTarget;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Registers models on other servers as versions of models, servable at once. Thread-safe. */
public final class ModelConnection {
    private final Registry registry;
    private final RemoteModels remotes;

    public ModelConnection(Registry registry, RemoteModels remotes) {
        this.registry = registry;
        this.remotes = remotes;
    }

    /**
     * What became of a connection.
     *
     * @param inputs as {@code NAME DATATYPE[SHAPE]}
     * @param outputs likewise
     * @param silent servers that did not answer meanwhile, each with the reason
     */
    public record Connected(String model, int version, List<String> inputs, List<String> outputs, List<String> silent) {
        public Connected {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            silent = List.copyOf(silent);
        }
    }

    /**
     * Asks the servers what their model takes and gives, and registers that as the next version of a model, which is made if there is
     * none.
     *
     * @param user who does it; may be empty
     * @throws InvalidInputException when no server answers, or they don't have the same model
     */
    public Connected connect(String model, RemoteTarget target, String user) {
        RemoteModels.Found found = find(target);
        if (registry.registeredModels().find(model).isEmpty()) {
            registry.registeredModels().create(model, "", Map.of());
        }
        String backends = target.backends().stream().map(URI::toString).collect(Collectors.joining(" "));
        ModelVersion version = registry.registeredModels()
                .register(new NewRegistration(
                        model,
                        NewRegistration.OWN_FILES,
                        Optional.empty(),
                        "",
                        "Connected to " + target.model() + " at " + backends,
                        user,
                        Optional.empty(),
                        Map.of(ModelTags.BACKENDS, backends),
                        Optional.empty(),
                        Map.of(ModelVersion.REMOTE, registry.artifacts().put(RemoteLinkJson.write(found.link())))));
        return new Connected(
                model,
                version.version(),
                shown(found.link().tensors().inputs()),
                shown(found.link().tensors().outputs()),
                found.silent().entrySet().stream()
                        .map(silent -> silent.getKey() + ": " + silent.getValue())
                        .toList());
    }

    private RemoteModels.Found find(RemoteTarget target) {
        try {
            return remotes.find(target);
        } catch (MillwrightException unfit) {
            // Whoever connects it is the one to mend it.
            if (unfit.code() == ServingError.BACKEND_UNAVAILABLE || unfit.code() == ServingError.MODEL_UNFIT) {
                throw new InvalidInputException(String.valueOf(unfit.getMessage()));
            }
            throw unfit;
        }
    }

    private static List<String> shown(List<TensorMetadata> tensors) {
        return tensors.stream()
                .map(tensor -> tensor.name() + " " + tensor.datatype() + Tensor.describe(tensor.shape()))
                .toList();
    }
}
