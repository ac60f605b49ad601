package dev.millwright.app;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Every thread of the program is made here. */
final class Threads {
    private static final int WAITING_RUNS = 100;
    private static final int MOST_AT_A_TIME = 64;

    private Threads() {}

    /** One run at a time, since each takes all cores; further ones wait, and when too many wait they are refused. */
    static ExecutorService runWorker() {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_RUNS), named("run"));
    }

    /** Work that takes whole cores: as many threads as there are. Who gives it work bounds how much of it waits. */
    static ExecutorService cores(String name) {
        return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), named(name));
    }

    /** A thread for everything that is done at a time, up to a number that only a fault would reach; beyond it, work waits. */
    static ExecutorService asNeeded(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_AT_A_TIME, MOST_AT_A_TIME, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Ends an executor: waits for what it does, within reason, and lets what it still has to do be. */
    static void end(ExecutorService executor, Duration patience) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Work that mostly waits: virtual threads. */
    static ExecutorService background() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("background-", 0).factory());
    }

    /** One thread that does things when their time has come. */
    static ScheduledExecutorService timer(String name) {
        return Executors.newSingleThreadScheduledExecutor(named(name));
    }

    /** Threads that don't keep the process alive. */
    static ThreadFactory named(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }

    /** The same, for work that must not slow down answers, however much of it there is. */
    static ThreadFactory named(String name, LowPriority priority) {
        ThreadFactory named = named(name);
        return work -> named.newThread(priority.of(work));
    }
}
