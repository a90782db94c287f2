package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the native libraries (zstd, epoll, JNA) are unpacked to and loaded from: a folder that can be written, has room, and lies on no
 * file system that forbids to run programs. The first of TMPDIR, the JVM's own, and some others; said to the libraries before any loads.
 */
final class NativeFolder {
    /** The three libraries take 1.5 MB. */
    private static final long NEEDED_BYTES = 4 << 20;

    private static final List<String> PROPERTIES = List.of("jna.tmpdir", "io.netty.native.workdir", "ZstdTempFolder");
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;
    private static final int MOUNT_OPTIONS = 5;

    private NativeFolder() {}

    /** Chooses a folder and tells it to the libraries. Does nothing where the operator has told them, or where no folder fits. */
    static void prepare() {
        Path chosen = choose(candidates(System.getenv(), System.getProperty("java.io.tmpdir")), mounts());
        if (chosen != null) {
            for (String property : PROPERTIES) {
                if (System.getProperty(property) == null) {
                    System.setProperty(property, chosen.toString());
                }
            }
        }
    }

    /** The folders that are tried, best first. */
    static List<Path> candidates(Map<String, String> environment, String javaFolder) {
        List<Path> candidates = new ArrayList<>();
        add(candidates, environment.get("TMPDIR"), "");
        add(candidates, javaFolder, "");
        add(candidates, environment.get("XDG_RUNTIME_DIR"), "");
        add(candidates, "/dev/shm", "");
        add(candidates, "/run", "");
        add(candidates, "/var/tmp", "");
        add(candidates, environment.get("HOME"), ".cache");
        add(candidates, environment.get("HOME"), "");
        return candidates;
    }

    private static void add(List<Path> candidates, String folder, String below) {
        if (folder != null && folder.startsWith("/")) {
            candidates.add(Path.of(folder, below));
        }
    }

    /** The first folder that a library can be loaded from; null when there is none. */
    static Path choose(List<Path> candidates, List<String> mounts) {
        for (Path candidate : candidates) {
            if (fits(candidate, mounts)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean fits(Path folder, List<String> mounts) {
        try {
            Path real = folder.toRealPath();
            if (!Files.isDirectory(real) || isNoexec(real, mounts)) {
                return false;
            }
            // Asking for permission would not tell of a file system that is full of files, or went read-only. A name of
            // Java's choice would be random, and the generator for it a tenth of a program's start; ProcessHandle would
            // start threads.
            Path process = Files.readSymbolicLink(Path.of("/proc/self"));
            String name = "imgblstr-" + process + "-" + System.nanoTime() + ".tmp";
            Files.delete(Files.createFile(real.resolve(name)));
            return real.toFile().getUsableSpace() >= NEEDED_BYTES;
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    /** Whether the file system of a folder forbids to run what lies on it. {@code mounts}: lines of proc_pid_mountinfo(5). */
    static boolean isNoexec(Path folder, List<String> mounts) {
        Path longest = null;
        boolean isNoexec = false;
        for (String line : mounts) {
            String[] fields = line.split(" ", -1);
            if (fields.length <= MOUNT_OPTIONS) {
                continue;
            }
            Path point = Path.of(unescaped(fields[MOUNT_POINT]));
            // The last of several on one point is the one that shows.
            if (folder.startsWith(point) && (longest == null || point.getNameCount() >= longest.getNameCount())) {
                longest = point;
                isNoexec = List.of(fields[MOUNT_OPTIONS].split(",")).contains("noexec");
            }
        }
        return isNoexec;
    }

    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    private static List<String> mounts() {
        try {
            return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
