package org.imgblstr.disk.device;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs the system's own tools, which are the oracle of many tests. */
public final class Shell {
    private Shell() {}

    /** Skips the test where a tool is missing. */
    public static void assumeTools(String... tools) {
        for (String tool : tools) {
            boolean isThere = Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            assumeTrue(isThere, () -> "this test needs the program " + tool);
        }
    }

    /** Skips the test where loop devices cannot be made. */
    public static void assumeLoopDevices() throws IOException {
        assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "this test needs root");
        assumeTrue(Files.isWritable(Path.of("/dev/loop-control")), "this test needs loop devices");
        assumeTools("losetup");
    }

    /** Output of a command that must succeed. */
    public static String run(String... command) throws IOException {
        return feed("", command);
    }

    /** Output of a command that must succeed and reads {@code input}. */
    public static String feed(String input, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
        Process process = builder.start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(List.of(command) + " failed: " + output);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
        return output.trim();
    }
}
