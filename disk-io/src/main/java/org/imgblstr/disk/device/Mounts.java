package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this process sees as mounted, and the kernel's swap. Source: proc(5), {@code /proc/self/mountinfo} and {@code /proc/swaps}.
 *
 * @param proc where procfs is mounted
 */
record Mounts(Path proc) {
    /** Blanks, tabs, line ends and backslashes in names are written as three octal digits. */
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    /**
     * A mount.
     *
     * @param number {@code major:minor} of the file system, which is no device's for btrfs and the like
     * @param source what was mounted, mostly a device's node
     * @param isWritable whether the file system is mounted for writing, anywhere
     */
    record Mount(String number, String mountPoint, String fileSystem, String source, boolean isWritable) {}

    static Mounts system() {
        return new Mounts(Path.of("/proc"));
    }

    List<Mount> mounts() throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines("self/mountinfo")) {
            String[] halves = line.split(" - ", 2);
            String[] first = halves[0].split(" ", -1);
            String[] second = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
            if (first.length >= 5 && second.length >= 3) {
                boolean isWritable = List.of(second[2].split(",", -1)).contains("rw");
                mounts.add(new Mount(first[2], unescape(first[4]), second[0], unescape(second[1]), isWritable));
            }
        }
        return mounts;
    }

    /** Names of swap devices and swap files. */
    List<String> swaps() throws IOException {
        return lines("swaps").stream()
                .skip(1)
                .map(line -> unescape(line.split("\\s+", 2)[0]))
                .toList();
    }

    private List<String> lines(String file) throws IOException {
        Path path = proc.resolve(file);
        // Names are bytes in no particular encoding; nothing else may fail because of one.
        return Files.exists(path) ? Files.readAllLines(path, StandardCharsets.ISO_8859_1) : List.of();
    }

    private static String unescape(String name) {
        byte[] bytes = OCTAL.matcher(name)
                .replaceAll(match -> {
                    char value = (char) Integer.parseInt(match.group(1), 8);
                    return value == '\\' ? "\\\\" : value == '$' ? "\\$" : String.valueOf(value);
                })
                .getBytes(StandardCharsets.ISO_8859_1);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
