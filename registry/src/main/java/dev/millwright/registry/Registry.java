package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The state of a home. What a method of its repositories acknowledges survives {@code kill -9}; all but metrics also a
 * power loss. A method that changes state throws {@link MillwrightException} with a {@link RegistryError} when the change
 * was not kept. Thread-safe; {@link #close} waits for changes under way.
 */
public final class Registry implements AutoCloseable {
    /** Where artifacts lie that clients send to the server. */
    public static final String ARTIFACT_ROOT = "mlflow-artifacts:/";

    private final Database database;
    private final InstantSource clock;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Artifacts artifacts;
    private final ArtifactFiles artifactFiles;
    private final MultipartUploads uploads;
    private final ClientFiles clientFiles;
    private final Experiments experiments;
    private final Runs runs;
    private final Tracking tracking;
    private final RunKeys runKeys;
    private final LoggedModels loggedModels;
    private final Models models;
    private final RegisteredModels registeredModels;
    private final Events events;
    private final Steps steps;
    private final Endpoints endpoints;
    private final Datasets datasets;
    private final Alerts alerts;
    private final Tokens tokens;
    private final Users users;
    private final Imports imports;

    private Registry(Database database, Artifacts artifacts, ArtifactRoot root, InstantSource clock, Runnable release) {
        this.database = database;
        this.clock = clock;
        this.release = release;
        this.artifacts = artifacts;
        this.artifactFiles = new ArtifactFiles(database, artifacts);
        this.uploads = new MultipartUploads(artifacts.root(), artifactFiles);
        this.clientFiles = new ClientFiles(artifactFiles, artifacts, root);
        this.experiments = new Experiments(database, root);
        this.runs = new Runs(database, clock);
        this.tracking = new Tracking(database, clock);
        this.runKeys = new RunKeys(database);
        this.loggedModels = new LoggedModels(database, clock);
        this.models = new Models(database);
        this.registeredModels = new RegisteredModels(database);
        this.events = new Events(database);
        this.steps = new Steps(database, runs);
        this.endpoints = new Endpoints(database);
        this.datasets = new Datasets(database);
        this.alerts = new Alerts(database);
        this.tokens = new Tokens(database, clock);
        this.users = new Users(database, tokens);
        this.imports = new Imports(database, clock);
    }

    /** Takes the home, creating it when there is none, and opens it; {@link RegistryError#HOME_IN_USE} when owned. */
    public static Registry open(Path home, InstantSource clock) {
        return open(home, RegistryOptions.DEFAULT, clock);
    }

    /** The same, with its state and files where the options say. */
    public static Registry open(Path home, RegistryOptions options, InstantSource clock) {
        HomeLock lock = HomeLock.tryAcquire(home).orElseThrow(() -> inUse(home));
        try {
            return open(lock, options, clock, lock::close);
        } catch (RuntimeException refused) {
            lock.close();
            throw refused;
        }
    }

    /** Opens the home that {@code lock} holds; the caller closes the lock after the registry. */
    public static Registry open(HomeLock lock, InstantSource clock) {
        return open(lock, RegistryOptions.DEFAULT, clock);
    }

    /**
     * The same, with its state and files where the options say.
     *
     * @throws MillwrightException DATABASE_IN_USE when another server owns the database; STATE_CONFLICT when the home belongs
     *     to another one
     */
    public static Registry open(HomeLock lock, RegistryOptions options, InstantSource clock) {
        return open(lock, options, clock, () -> {});
    }

    private static Registry open(HomeLock lock, RegistryOptions options, InstantSource clock, Runnable release) {
        lock.claim();
        try {
            Artifacts artifacts = Artifacts.owned(lock.home().resolve("artifacts"));
            Database database = database(lock.home(), options, clock);
            Registry registry = new Registry(database, artifacts, options.artifactRoot(), clock, () -> {
                lock.unclaim();
                release.run();
            });
            registry.experiments.moveFirst();
            return registry;
        } catch (RuntimeException refused) {
            lock.unclaim();
            throw refused;
        }
    }

    private static Database database(Path home, RegistryOptions options, InstantSource clock) {
        Optional<HomeDatabase> known = HomeDatabase.find(home);
        Optional<DatabaseUrl> chosen = HomeDatabase.choose(home, known, options.database());
        return chosen.isPresent()
                ? Database.server(home, new PostgresServer(chosen.get()), known, clock)
                : Database.file(home, options.metrics(), clock);
    }

    /** Opens a home for reading, beside its owner if it has one; changes are refused. */
    public static Registry openReadOnly(Path home, InstantSource clock) {
        return openReadOnly(home, Optional.empty(), clock);
    }

    /** The same; {@code database} is how to reach the one that the home belongs to, if it belongs to one. */
    public static Registry openReadOnly(Path home, Optional<DatabaseUrl> database, InstantSource clock) {
        Optional<HomeDatabase> known = HomeDatabase.find(home);
        Database opened = known.isPresent()
                ? Database.serverReadOnly(
                        home,
                        new PostgresServer(
                                HomeDatabase.choose(home, known, database).orElseThrow()),
                        known.get())
                : Database.readOnly(home);
        return new Registry(
                opened, Artifacts.readOnly(home.resolve("artifacts")), ArtifactRoot.SERVER, clock, () -> {});
    }

    /** Whether anything was ever kept in this home. */
    public static boolean hasState(Path home) {
        return Files.isRegularFile(home.resolve("state.db")) || Files.isRegularFile(home.resolve(HomeDatabase.FILE));
    }

    /** A registry that is gone when closed, artifacts (in a temporary directory) included. */
    public static Registry inMemory(InstantSource clock) {
        return inMemory(ArtifactRoot.SERVER, clock);
    }

    /** The same; what clients keep in a directory of their own stays there. */
    public static Registry inMemory(ArtifactRoot root, InstantSource clock) {
        try {
            Path directory = Files.createTempDirectory("millwright-artifacts-");
            Registry registry = new Registry(
                    Database.memory(clock), Artifacts.owned(directory), root, clock, () -> Artifacts.delete(directory));
            registry.experiments.moveFirst();
            return registry;
        } catch (IOException failed) {
            throw HomeDirectory.failure(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), failed);
        }
    }

    /**
     * Forgets everything: what remains is the experiment {@code 0}. What is under way may fail.
     *
     * @return frees the memory and the disk that were used; may take long, and is to be run before this is closed
     * @throws IllegalStateException unless this is a registry {@linkplain #inMemory in memory}
     */
    public Runnable empty() {
        Runnable free = database.empty(clock);
        experiments.moveFirst();
        Runnable delete = artifacts.empty();
        return () -> {
            try {
                free.run();
            } finally {
                delete.run();
            }
        };
    }

    private static MillwrightException inUse(Path home) {
        Optional<OwnerInfo> owner = OwnerInfo.find(home);
        return new MillwrightException(
                RegistryError.HOME_IN_USE,
                "home: " + home + " is owned by "
                        + owner.map(info -> "process " + info.pid() + " (port " + info.port() + ")")
                                .orElse("another process")
                        + " (expected: a free home). Stop it, send the work to it, or name another home.");
    }

    public Experiments experiments() {
        return experiments;
    }

    public Runs runs() {
        return runs;
    }

    public Tracking tracking() {
        return tracking;
    }

    /** What runs can be searched by. */
    public RunKeys runKeys() {
        return runKeys;
    }

    public LoggedModels loggedModels() {
        return loggedModels;
    }

    public Models models() {
        return models;
    }

    public RegisteredModels registeredModels() {
        return registeredModels;
    }

    public Events events() {
        return events;
    }

    public Steps steps() {
        return steps;
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    public Datasets datasets() {
        return datasets;
    }

    public Alerts alerts() {
        return alerts;
    }

    public Users users() {
        return users;
    }

    public Tokens tokens() {
        return tokens;
    }

    public Imports imports() {
        return imports;
    }

    public Artifacts artifacts() {
        return artifacts;
    }

    public ArtifactFiles artifactFiles() {
        return artifactFiles;
    }

    public MultipartUploads uploads() {
        return uploads;
    }

    /** The files that runs, logged models and versions of clients name. */
    public ClientFiles clientFiles() {
        return clientFiles;
    }

    /** Where the state is, for people: a file, or the address of a database without its password. */
    public String place() {
        return database.place();
    }

    /** For tests that need the SQL beneath. */
    Database database() {
        return database;
    }

    /**
     * What a sweep deleted.
     *
     * @param files whose bytes nothing referred to any more
     * @param bytes their size together
     * @param uploads that were begun and never completed
     */
    public record Swept(int files, long bytes, int uploads) {}

    /**
     * Deletes bytes that nothing has referred to for a day, and uploads to which nothing was sent for as long. Not to be called
     * while a pipeline runs: its step may hold on to bytes that it has not recorded yet.
     */
    public Swept sweep() {
        Instant yesterday = clock.instant().minus(Duration.ofDays(1));
        int forgotten = uploads.sweep(yesterday);
        Artifacts.Swept swept = new ArtifactSweep(database, artifacts).run(yesterday);
        return new Swept(swept.files(), swept.bytes(), forgotten);
    }

    /** Commits what is under way, then closes the files and gives up the home. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            database.close();
        } finally {
            release.run();
        }
    }
}
