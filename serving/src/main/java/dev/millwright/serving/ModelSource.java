package dev.millwright.serving;

import dev.millwright.serving.protocol.FeatureTensors;
import java.util.Optional;

/** Where a model is loaded from, whenever it is needed. Equal sources are the same model, which is loaded once. Thread-safe. */
public interface ModelSource {
    /** For messages: {@code MODEL/VERSION}. */
    String name();

    /** What the model takes, where that is known before it is loaded; empty for models that take tensors as they are. */
    Optional<FeatureTensors> features();

    /**
     * Loads it.
     *
     * @throws dev.millwright.core.MillwrightException {@link ServingError#MODEL_UNFIT} when it can't be
     */
    LoadedModel load();

    /** Of the files that it is loaded from, in bytes: it takes at least that much memory. */
    default long size() {
        return 0;
    }

    /**
     * Whether it only asks other models: then it takes next to no memory itself, and a call may have to wait until one of them is
     * loaded.
     */
    default boolean asksOthers() {
        return false;
    }

    /** Whether other servers answer for it: then loading it is waiting for them. */
    default boolean isElsewhere() {
        return false;
    }

    /** Whether it can be loaded again after it was freed. */
    default boolean isReloadable() {
        return true;
    }

    /** A model that is loaded already, and freed for good when nothing needs it any more. */
    static ModelSource of(ModelRuntime runtime) {
        return new Opened(runtime, Optional.of(new FeatureTensors(runtime.signature())));
    }

    /** A model that is loaded already, and freed for good when nothing needs it any more. */
    static ModelSource of(TensorModel model) {
        return new Opened(model, Optional.empty());
    }

    /** See {@link #of}. */
    record Opened(LoadedModel model, Optional<FeatureTensors> features) implements ModelSource {
        @Override
        public String name() {
            return model.toString();
        }

        @Override
        public LoadedModel load() {
            return model;
        }

        @Override
        public boolean isReloadable() {
            return false;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Opened opened && opened.model == model;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(model);
        }
    }
}
