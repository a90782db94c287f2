package org.imgblstr.disk.filesystem;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs of the system that make, fill and read file systems: mkfs, debugfs, partclone. Tests are skipped where one is lacking. */
public final class FsTools {
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");
    private static final Pattern DOMAIN = Pattern.compile("0x(\\p{XDigit}+)\\s+0x(\\p{XDigit}+)\\s+\\+");

    private FsTools() {}

    public static void need(String... programs) {
        for (String program : programs) {
            assumeTrue(
                    FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not installed");
        }
    }

    public static void needRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    }

    /** Skips the test where the kernel cannot mount the file system. */
    public static void needKernel(String fileSystem) throws IOException {
        boolean isKnown = Files.readString(Path.of("/proc/filesystems")).contains("\t" + fileSystem + "\n");
        assumeTrue(isKnown, "this kernel cannot mount " + fileSystem);
    }

    /** Output of a command, both streams; throws when it ends with another code than 0. */
    public static String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", String.join(":", FOLDERS));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("MTOOLS_SKIP_CHECK", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + ": " + output);
        }
        return output;
    }

    /** A sparse file of zeros. */
    public static Path sparse(Path folder, String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }

    /** A volume in a sparse file; {@code command} is that of mkfs, to which the name of the file is added. */
    public static Path mkfs(Path folder, long bytes, String command) throws IOException, InterruptedException {
        Path volume = sparse(folder, "volume" + System.nanoTime(), bytes);
        run((command + " " + volume).split(" +"));
        return volume;
    }

    /** What the one group of {@code pattern} matches first in what a program has said. */
    public static String first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    public static long number(String text, String pattern) {
        return Long.parseLong(first(text, pattern));
    }

    /** A folder of files of random content, sizes from nothing to 100 KB. */
    public static Path files(Path folder, int count, long seed) throws IOException {
        Random random = new Random(seed);
        Path source = Files.createDirectories(folder.resolve("files" + seed));
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[random.nextInt(4) == 0 ? random.nextInt(100_000) : random.nextInt(6000)];
            random.nextBytes(content);
            Files.write(source.resolve("file" + i), content);
        }
        return source;
    }

    /** Ranges, as {from, end}, that partclone would copy; the program is one of its readers, for example partclone.extfs. */
    public static List<long[]> partcloneDomain(String program, Path volume) throws IOException, InterruptedException {
        Path domain = volume.resolveSibling(volume.getFileName() + ".domain");
        Path log = volume.resolveSibling(volume.getFileName() + ".log");
        run(program, "-D", "-s", volume.toString(), "-o", domain.toString(), "-L", log.toString());
        List<long[]> ranges = new ArrayList<>();
        Matcher line = DOMAIN.matcher(Files.readString(domain));
        while (line.find()) {
            long from = Long.parseLong(line.group(1), 16);
            ranges.add(new long[] {from, from + Long.parseLong(line.group(2), 16)});
        }
        return ranges;
    }

    /** Throws unless every byte of {@code ranges} within the map is used; returns how many bytes they hold. */
    public static long requireKept(UsedMap map, List<long[]> ranges) {
        long bytes = 0;
        for (long[] range : ranges) {
            long end = Math.min(range[1], map.sizeBytes());
            bytes += Math.max(0, end - range[0]);
            if (range[0] < end && map.nextFree(range[0]) < end) {
                throw new AssertionError(
                        "skipped although used: byte " + map.nextFree(range[0]) + " of " + range[0] + " to " + end);
            }
        }
        return bytes;
    }
}
