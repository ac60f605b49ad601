package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Hands on what comes of a request until its watcher throws, which then is what its reader gets. */
final class WatchedBody implements Subscriber<HttpObject> {
    private final Subscriber<? super HttpObject> reader;
    private final Consumer<HttpData> watcher;
    private @Nullable Subscription subscription;

    private WatchedBody(Subscriber<? super HttpObject> reader, Consumer<HttpData> watcher) {
        this.reader = reader;
        this.watcher = watcher;
    }

    /** The request, to be read in place of the one that is given; its watcher is called as data comes, before the reader. */
    static HttpRequest of(HttpRequest request, Consumer<HttpData> watcher) {
        // Not by peeking: who collects the whole body would have it peeked at when all of it has come.
        return HttpRequest.of(request.headers(), (Publisher<HttpObject>)
                reader -> request.subscribe(new WatchedBody(reader, watcher)));
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        reader.onSubscribe(given);
    }

    @Override
    public void onNext(HttpObject part) {
        if (part instanceof HttpData data && subscription != null) {
            try {
                watcher.accept(data);
            } catch (RuntimeException refused) {
                subscription.cancel();
                subscription = null;
                reader.onError(refused);
                return;
            }
        }
        if (subscription != null) {
            reader.onNext(part);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (subscription != null) {
            reader.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (subscription != null) {
            reader.onComplete();
        }
    }
}
