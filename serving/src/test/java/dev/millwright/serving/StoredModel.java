package dev.millwright.serving;

import dev.millwright.serving.protocol.FeatureTensors;
import java.util.Optional;
import java.util.function.Supplier;

/** A model that can be loaded again and again, of a size that it claims. Equal to itself alone. */
public class StoredModel implements ModelSource {
    private final String name;
    private final long size;
    private final Supplier<ModelRuntime> loading;

    public StoredModel(String name, long size, Supplier<ModelRuntime> loading) {
        this.name = name;
        this.size = size;
        this.loading = loading;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<FeatureTensors> features() {
        return Optional.of(new FeatureTensors(Models.BINARY));
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public LoadedModel load() {
        return loading.get();
    }
}
