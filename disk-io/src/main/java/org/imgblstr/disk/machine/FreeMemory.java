package org.imgblstr.disk.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory this program may still take before the kernel ends it, or another program: what the machine has available, and what the limit
 * of its control groups leaves. Sources: proc(5) {@code meminfo} and {@code self/status}, the kernel's documents of cgroups, versions 1 and 2. Any thread.
 */
public final class FreeMemory {
    private static final Logger LOG = LoggerFactory.getLogger(FreeMemory.class);

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +([0-9]+) kB$");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");
    private static final Pattern GROUP_2 = Pattern.compile("(?m)^0::(/.*)$");
    private static final Pattern GROUP_1 = Pattern.compile("(?m)^[0-9]+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(/.*)$");
    private static final Pattern NUMBER = Pattern.compile("^([0-9]+)\\s*$");

    private final Path proc;
    private final Path groups;

    public FreeMemory() {
        this(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /** {@code proc} and {@code groups}: where the kernel tells of memory, and where its control groups are. */
    FreeMemory(Path proc, Path groups) {
        this.proc = proc;
        this.groups = groups;
    }

    /** Bytes; {@link Long#MAX_VALUE} where the kernel does not tell. */
    public long bytes() {
        long availableKib = number(AVAILABLE, text(proc.resolve("meminfo")));
        long machine = availableKib < 0 ? Long.MAX_VALUE : availableKib << 10;
        return Math.min(machine, leftOfGroup());
    }

    /** What the page cache holds counts in a group's use and can be given up, so only what this program has itself is taken off. */
    private long leftOfGroup() {
        String own = text(proc.resolve("self/cgroup"));
        long limit = Math.min(
                limit(groups, GROUP_2, own, "memory.max"),
                limit(groups.resolve("memory"), GROUP_1, own, "memory.limit_in_bytes"));
        return limit == Long.MAX_VALUE ? limit : Math.max(0, limit - residentBytes());
    }

    private long residentBytes() {
        return Math.max(0, number(RESIDENT, text(proc.resolve("self/status")))) << 10;
    }

    /** The least of the limits of a group and of those that it is in. */
    private static long limit(Path root, Pattern group, String own, String file) {
        Matcher found = group.matcher(own);
        long limit = Long.MAX_VALUE;
        if (found.find()) {
            Path folder = root.resolve(found.group(1).substring(1)).normalize();
            for (; folder != null && folder.startsWith(root); folder = folder.getParent()) {
                long bytes = number(NUMBER, text(folder.resolve(file)));
                limit = bytes < 0 ? limit : Math.min(limit, bytes);
            }
        }
        return limit;
    }

    /** Negative when there is no such number. */
    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        try {
            return found.find() ? Long.parseLong(found.group(1)) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            LOG.debug("the kernel does not tell of memory: {}", e.toString());
            return "";
        }
    }
}
