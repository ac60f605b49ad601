package dev.millwright.serving.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.HeapSize;
import dev.millwright.serving.protocol.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What one version of an endpoint said about inputs, so that it needn't be asked again. Only requests of one row, or of tensors, are looked
 * up: batches are seldom sent twice, and would push out what is. When two ask the same for the first time at once, both ask the
 * model. Thread-safe; nothing waits for another.
 */
public final class ResultCache {
    /** An input that would take more of a cache than this isn't looked up. */
    private static final long LARGEST_SHARE = 16;

    private final CacheOptions options;
    private final LongSupplier nanoTime;
    private final long seed;
    private final CacheCounts counts;
    private final Cache<Input, Answer> answers;

    /**
     * An empty cache.
     *
     * @param nanoTime by which answers grow old
     * @param seed of hashes, unknown to clients
     * @param counts told of each look-up
     */
    public ResultCache(CacheOptions options, LongSupplier nanoTime, long seed, CacheCounts counts) {
        this.options = options;
        this.nanoTime = nanoTime;
        this.seed = seed;
        this.counts = counts;
        // An answer weighs at least its part of all that there may be, so that one bound is both.
        long least = Math.min(Math.ceilDiv(options.memory(), options.size()), Integer.MAX_VALUE);
        this.answers = Caffeine.newBuilder()
                .maximumWeight(options.memory())
                .weigher((Input input, Answer answer) ->
                        (int) Math.clamp(input.bytes() + answer.bytes(), least, Integer.MAX_VALUE))
                .expireAfterWrite(options.age())
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * What the model said about a row, or says now.
     *
     * @param rows the columns of its signature, in its order
     */
    public CompletableFuture<Predictions> predict(Frame rows, Supplier<CompletableFuture<Predictions>> model) {
        if (rows.rows() != 1) {
            return model.get();
        }
        long start = nanoTime.getAsLong();
        Input input = Input.Row.of(rows, seed);
        if (answers.getIfPresent(input) instanceof Answer.Row(Predictions predictions)) {
            counts.hit(nanoTime.getAsLong() - start);
            return CompletableFuture.completedFuture(predictions);
        }
        long looked = nanoTime.getAsLong() - start;
        return model.get().thenApply(predictions -> {
            keep(input, new Answer.Row(predictions), looked);
            return predictions;
        });
    }

    /**
     * What the model said about tensors, or says now.
     *
     * @param inputs those that it takes, in its order
     */
    public CompletableFuture<List<Tensor>> run(List<Tensor> inputs, Supplier<CompletableFuture<List<Tensor>>> model) {
        if (HeapSize.of(inputs) > options.memory() / LARGEST_SHARE) {
            return model.get();
        }
        long start = nanoTime.getAsLong();
        Input input = Input.Tensors.of(inputs, seed);
        if (answers.getIfPresent(input) instanceof Answer.Tensors(List<Tensor> outputs)) {
            counts.hit(nanoTime.getAsLong() - start);
            return CompletableFuture.completedFuture(outputs);
        }
        long looked = nanoTime.getAsLong() - start;
        return model.get().thenApply(outputs -> {
            keep(input, new Answer.Tensors(outputs), looked);
            return outputs;
        });
    }

    private void keep(Input input, Answer answer, long lookingNanos) {
        long start = nanoTime.getAsLong();
        answers.put(input.kept(), answer);
        counts.miss(lookingNanos + nanoTime.getAsLong() - start);
    }

    /** How many answers are kept, about. */
    public long size() {
        return answers.estimatedSize();
    }
}
