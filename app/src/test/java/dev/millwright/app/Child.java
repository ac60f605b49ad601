package dev.millwright.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program in a process of its own: watched through what it prints, and killed. Thread-safe. */
final class Child implements AutoCloseable {
    private static final Pattern RUN = Pattern.compile("run ([0-9a-f]{32})\\R");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path temporary;
    private final Thread reader;
    private final StringBuilder printed = new StringBuilder();
    private boolean ended;

    private Child(Process process, Path temporary) {
        this.process = process;
        this.temporary = temporary;
        this.reader = Thread.ofPlatform().daemon().name("child-output").start(this::read);
    }

    /** How children are started: quickly. */
    record Launcher(String classPath, Path cache) {
        /**
         * A launcher whose classes lie in archives, as the ahead-of-time cache wants them.
         *
         * @param folder for the archives and the cache
         */
        static Launcher make(Path folder) throws IOException {
            List<String> entries = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(":", -1)) {
                Path path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    entries.add(archive(path, folder.resolve("classes-" + entries.size() + ".jar"))
                            .toString());
                } else if (Files.exists(path)) {
                    entries.add(entry);
                }
            }
            return new Launcher(String.join(":", entries), folder.resolve("millwright.aot"));
        }

        private static Path archive(Path folder, Path target) throws IOException {
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target));
                    Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    jar.putNextEntry(new JarEntry(folder.relativize(file).toString()));
                    Files.copy(file, jar);
                    jar.closeEntry();
                }
            }
            return target;
        }

        /** Starts a child that leaves behind the cache with which later ones start quicker. */
        Child rehearse(Object... arguments) throws IOException {
            return start("-XX:AOTCacheOutput=" + cache, arguments);
        }

        Child start(Object... arguments) throws IOException {
            return start(Files.exists(cache) ? "-XX:AOTCache=" + cache : "-Xshare:auto", arguments);
        }

        private Child start(String option, Object... arguments) throws IOException {
            // Who is killed leaves 100 MB of unpacked native libraries behind.
            Path temporary = Files.createTempDirectory(cache.getParent(), "child");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "-Xlog:disable",
                    "-Djava.io.tmpdir=" + temporary,
                    option,
                    "-cp",
                    classPath,
                    ChildMain.class.getName()));
            Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
            return new Child(
                    new ProcessBuilder(command).redirectErrorStream(true).start(), temporary);
        }
    }

    private void read() {
        char[] buffer = new char[8192];
        try (Reader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                append(new String(buffer, 0, count));
            }
        } catch (IOException cut) {
            append("\n[output cut: " + cut.getMessage() + "]\n");
        } finally {
            end();
        }
    }

    private synchronized void append(String text) {
        printed.append(text);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits until the child has printed {@code text}; false when it ended without. */
    synchronized boolean await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (printed.indexOf(text) < 0 && !ended) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("the child did not print '" + text + "' but: " + printed);
            }
            wait(left);
        }
        return printed.indexOf(text) >= 0;
    }

    /** Lets the child go on for so long, or until it ends. */
    void letGoOn(Duration duration) throws InterruptedException {
        process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** SIGKILL; returns when the child is dead and all that it printed is read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        reader.join();
    }

    /** Waits for the end, and returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the child does not end; it printed: " + printed());
        }
        reader.join();
        return process.exitValue();
    }

    /** Asks the child to end, as Ctrl-C does, and returns the exit code. */
    int stop() throws InterruptedException {
        process.toHandle().destroy();
        return exitCode();
    }

    synchronized String printed() {
        return printed.toString();
    }

    /** The ids of the runs that the child said it had on record. */
    Set<String> acknowledgedRuns() {
        Set<String> ids = new LinkedHashSet<>();
        Matcher matcher = RUN.matcher(printed());
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> left = Files.walk(temporary)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
