package dev.millwright.pipelines.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A program that runs a command and is killed while it does. */
final class ShellOwner {
    private ShellOwner() {}

    static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        Watcher nobody = new Watcher() {
            @Override
            public void printed(long first, List<String> lines) {
                lines.forEach(System.out::println);
            }

            @Override
            public void look(Duration elapsed) {}
        };
        var _ = ShellProcess.run(
                new ShellCommand(arguments[1], folder, Map.of("PATH", "/usr/bin:/bin")),
                new Limits(Duration.ofMinutes(2), OptionalLong.empty()),
                new ProcessRecords(folder.resolve("processes")),
                nobody);
    }
}
