package org.imgblstr.disk.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Restores only the used bytes of a volume onto noise, and mounts volumes to compare what is in their files. */
public final class Restored {
    private static final int NOISE_BYTES = 1 << 20;

    private Restored() {}

    /** What is done on a mounted volume. */
    @FunctionalInterface
    public interface Work {
        void on(Path mount) throws Exception;
    }

    /** A file of the same size as {@code volume}: noise, and over it the bytes that {@code used} keeps, zeros where it knows of them. */
    public static Path onNoise(Path volume, UsedMap used) throws IOException {
        byte[] noise = new byte[NOISE_BYTES];
        new Random(9).nextBytes(noise);
        Path restored = volume.resolveSibling(volume.getFileName() + ".restored");
        try (FileChannel from = FileChannel.open(volume, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        restored, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            for (long at = 0; at < used.sizeBytes(); at += NOISE_BYTES) {
                to.write(ByteBuffer.wrap(noise, 0, (int) Math.min(NOISE_BYTES, used.sizeBytes() - at)), at);
            }
            List<long[]> ranges = new ArrayList<>();
            used.stored().forEachUsed(0, used.sizeBytes(), (first, end) -> ranges.add(new long[] {first, end}));
            zero(to, used);
            for (long[] range : ranges) {
                to.position(range[0]);
                long at = range[0];
                while (at < range[1]) {
                    at += from.transferTo(at, range[1] - at, to);
                }
            }
        }
        return restored;
    }

    private static void zero(FileChannel to, UsedMap used) throws IOException {
        List<long[]> ranges = new ArrayList<>();
        used.forEachZero(0, used.sizeBytes(), (first, end) -> ranges.add(new long[] {first, end}));
        for (long[] range : ranges) {
            for (long at = range[0]; at < range[1]; at += NOISE_BYTES) {
                to.write(ByteBuffer.allocate((int) Math.min(NOISE_BYTES, range[1] - at)), at);
            }
        }
    }

    /** Mounts with the kernel, through a loop device. */
    public static void mounted(Path volume, String options, Work work) throws Exception {
        FsTools.need("unshare");
        Path at = Files.createTempDirectory(volume.getParent(), "mount");
        String device =
                FsTools.run("losetup", "-f", "--show", volume.toString()).strip();
        try (PrivateMount mount = PrivateMount.of(at, "mount", "-o", options, device)) {
            work.on(mount.folder());
        } finally {
            FsTools.run("losetup", "-d", device);
        }
    }

    /** Mounts NTFS in user space. */
    public static void mountedNtfs(Path volume, Work work) throws Exception {
        FsTools.need("unshare");
        Path at = Files.createTempDirectory(volume.getParent(), "mount");
        try (PrivateMount mount = PrivateMount.of(at, "ntfs-3g", volume.toString())) {
            work.on(mount.folder());
        }
    }

    /** Makes and deletes files in turn, so that free space is in pieces. */
    public static void age(Path folder, int count) throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[random.nextInt(20_000)];
            random.nextBytes(content);
            Files.write(folder.resolve("aged" + i), content);
            if (i > 100 && random.nextInt(8) != 0) {
                Files.deleteIfExists(folder.resolve("aged" + (i - random.nextInt(100))));
            }
        }
    }

    /** Names of all files below {@code folder}, with hashes of what is in them. */
    public static Map<String, Integer> contents(Path folder) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                found.put(folder.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    /** A prototype file for mkfs.xfs with all files of a folder. */
    public static Path prototype(Path files) throws IOException {
        StringBuilder text = new StringBuilder("none\n0 0\nd--755 0 0\n");
        try (Stream<Path> list = Files.list(files)) {
            list.forEach(file -> text.append(file.getFileName())
                    .append(" ---644 0 0 ")
                    .append(file)
                    .append('\n'));
        }
        return Files.writeString(files.resolveSibling(files.getFileName() + ".proto"), text.append("$\n"));
    }
}
