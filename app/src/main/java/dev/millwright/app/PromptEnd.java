package dev.millwright.app;

/**
 * Ends the process at once when it is asked to end (Ctrl-C, SIGTERM), for work of which every finished part is durable: going
 * on while libraries shut down beside it would only fail.
 */
final class PromptEnd implements AutoCloseable {
    /** As shells say of a program that Ctrl-C ended. */
    private static final int STOPPED = 130;

    private final Thread hook;

    private PromptEnd(Runnable lastWords) {
        this.hook = Threads.named("shutdown").newThread(() -> {
            lastWords.run();
            Runtime.getRuntime().halt(STOPPED);
        });
    }

    /** In force until it is closed. */
    static PromptEnd saying(Runnable lastWords) {
        PromptEnd end = new PromptEnd(lastWords);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
