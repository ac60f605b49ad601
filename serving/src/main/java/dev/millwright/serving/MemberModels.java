package dev.millwright.serving;

import java.util.concurrent.Executor;

/**
 * Lends models to those that ask several of them: one that several ask, or that an endpoint serves too, is in memory once, and its
 * requests wait in one queue. Thread-safe.
 */
public final class MemberModels {
    private final ModelPool models;

    MemberModels(ModelPool models) {
        this.models = models;
    }

    /** For one who serves nothing: models are loaded for it alone, and freed when it gives them back. */
    public static MemberModels alone(RouterOptions options) {
        return new MemberModels(new ModelPool(options, new NativeHeap(), Runnable::run, ModelThreads.OF_CALLERS));
    }

    /** A model that may be asked until it is closed; not loaded yet. */
    public Member refer(ModelSource source) {
        return new Member(models, source);
    }

    /** Where members may be asked at the same time. */
    public Executor background() {
        return models.background();
    }
}
