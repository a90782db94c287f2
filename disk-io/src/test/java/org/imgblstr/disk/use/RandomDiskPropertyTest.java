package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.use.RandomDisk.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Disks composed at random, restored onto noise: blkid, wipefs, sfdisk, sgdisk and the checkers and dumpers of the file systems must say the
 * same of both. Any difference is a lost sector. {@code -Ddisks=2000} makes so many disks, {@code -Dseed=N} begins with that seed; a single
 * disk is {@code -Dseed=N -Ddisks=1}. Source: docs/testing.md.
 */
class RandomDiskPropertyTest {
    /** Seeds that failed once. */
    private static final long[] FAILED = {20_262_323};

    /** Disks are made for so long, unless their number is given. */
    private static final long SPAN_NS = TimeUnit.SECONDS.toNanos(8);

    private static final int NOISE_BYTES = 8 << 20;

    @TempDir
    static Path folder;

    private static List<Templates.Template> templates;
    private static Path noise;
    private static ExecutorService threads;

    @BeforeAll
    static void makeTemplates() throws Exception {
        FsTools.need("blkid", "wipefs", "sfdisk", "sgdisk", "mke2fs");
        templates = Templates.make(folder);
        byte[] bytes = new byte[NOISE_BYTES];
        new Random(1).nextBytes(bytes);
        noise = Files.write(folder.resolve("noise"), bytes);
        threads = Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()));
    }

    @AfterAll
    static void stop() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    static LongStream seeds() {
        if (System.getProperty("seed") != null || System.getProperty("disks") != null) {
            return LongStream.of(Long.getLong("seed", 1));
        }
        return LongStream.concat(LongStream.of(FAILED), LongStream.of(1, new Random().nextInt(Integer.MAX_VALUE)));
    }

    @ParameterizedTest(name = "seed {0} and those after it")
    @MethodSource("seeds")
    void theSecondOpinionIsTheSameAfterRestoringOntoNoise(long seed) throws Exception {
        boolean isKnown = LongStream.of(FAILED).anyMatch(failed -> failed == seed);
        int most = isKnown ? 1 : Integer.getInteger("disks", Integer.MAX_VALUE);
        long endNs = System.nanoTime() + (System.getProperty("disks") == null ? SPAN_NS : Long.MAX_VALUE / 2);
        AtomicInteger next = new AtomicInteger();
        List<String> failures = new ArrayList<>();
        Callable<Integer> worker = () -> {
            int made = 0;
            int index = next.getAndIncrement();
            while (index < most && endNs - System.nanoTime() > 0) {
                String failure = check(seed + index);
                if (!failure.isEmpty()) {
                    synchronized (failures) {
                        failures.add(failure);
                    }
                }
                made++;
                index = next.getAndIncrement();
            }
            return made;
        };
        int made = 0;
        List<Future<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(4, Runtime.getRuntime().availableProcessors()); i++) {
            workers.add(threads.submit(worker));
        }
        for (Future<Integer> each : workers) {
            made += each.get();
        }
        assertThat(failures).as("%s disks from seed %s on", made, seed).isEmpty();
        assertThat(made).isPositive();
    }

    /** What is wrong with the copy of one disk, or "". */
    private static String check(long seed) {
        Path own = folder.resolve("disk" + seed);
        try {
            Files.createDirectory(own);
            return new Trial(seed, own).run();
        } catch (Exception | AssertionError e) {
            return "seed " + seed + ": " + new RandomDisk(seed, templates).story() + ": " + e;
        } finally {
            delete(own);
        }
    }

    private static void delete(Path own) {
        try (Stream<Path> all = Files.walk(own)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One disk and its copy. */
    private static final class Trial {
        private final long seed;
        private final Path own;
        private final RandomDisk disk;
        private final Random random;
        private final List<String> differences = new ArrayList<>();

        Trial(long seed, Path own) {
            this.seed = seed;
            this.own = own;
            this.disk = new RandomDisk(seed, templates);
            this.random = new Random(~seed);
        }

        String run() throws Exception {
            Path source = Files.createDirectory(own.resolve("source")).resolve("disk");
            Path target = Files.createDirectory(own.resolve("target")).resolve("disk");
            disk.write(source);
            int manner = random.nextInt(10);
            boolean isOnePartition = manner == 0 && (disk.table() == Table.MBR || disk.table() == Table.GPT);
            if (isOnePartition) {
                onePartition(source, target);
            } else if (manner == 9) {
                shortestDisk(source, target);
            } else {
                wholeDisk(source, target, manner < 3 ? (1 + random.nextInt(3000)) * (long) disk.sectorBytes() : 0);
            }
            return differences.isEmpty()
                    ? ""
                    : "seed " + seed + ": " + disk.story() + "\n  " + String.join("\n  ", differences);
        }

        private void wholeDisk(Path source, Path target, long more) throws Exception {
            fillWithNoise(target, disk.bytes() + more);
            RestoredDisk.copy(source, target, disk.sectorBytes());
            if (more == 0) {
                // Both take the sectors of a file to be of 512 bytes; sgdisk makes a new name for what it sees no GPT
                // in.
                boolean is512 = disk.sectorBytes() == 512;
                String tables = (is512 ? "; sfdisk -d disk" : "")
                        + (is512 && disk.table() == Table.GPT ? "; sgdisk -v -p disk" : "");
                compare("the disk", "blkid -p disk; wipefs -n -p disk" + tables, source, target);
            }
            for (RandomDisk.Volume volume : disk.volumes()) {
                compare(source, target, volume);
            }
        }

        /** Onto the shortest disk that is said to be long enough: to the sector, not to the track. */
        private void shortestDisk(Path source, Path target) throws Exception {
            long required = RestoredDisk.requiredBytes(source, disk.sectorBytes());
            fillWithNoise(target, required);
            RestoredDisk.copy(source, target, disk.sectorBytes());
            if (disk.sectorBytes() == 512 && required < disk.bytes()) {
                compare("the partitions", "sfdisk -d disk | grep start=", source, target);
            }
            for (RandomDisk.Volume volume : disk.volumes()) {
                compare(source, target, volume);
            }
        }

        /** Onto a disk with the same table and noise in the partition: all around it stays. */
        private void onePartition(Path source, Path target) throws Exception {
            RandomDisk.Volume volume =
                    disk.volumes().get(random.nextInt(disk.volumes().size()));
            Files.copy(source, target);
            noise(target, volume.offset(), volume.bytes());
            String number = Integer.toString(volume.number());
            RestoredDisk.copy(source, target, disk.sectorBytes(), number, number);
            compare(source, target, volume);
        }

        private void compare(Path source, Path target, RandomDisk.Volume volume) throws Exception {
            cut(source, volume);
            cut(target, volume);
            if (Files.mismatch(source.resolveSibling("volume"), target.resolveSibling("volume")) < 0) {
                // Nothing can differ, but the threads of xfs_repair word one fault in two ways.
                return;
            }
            String check = volume.template().check().replace("VOLUME", "volume");
            String what = "volume " + volume.number() + " (" + volume.template().name() + ")";
            compare(what, "blkid -p volume; wipefs -n -p volume; " + check, source, target);
        }

        private void compare(String what, String opinion, Path source, Path target) throws Exception {
            String expected = opinionOf(opinion, source.getParent());
            String found = opinionOf(opinion, target.getParent());
            if (!expected.equals(found)) {
                differences.add(what + " has\n" + expected + "\n  its copy\n" + found);
            }
        }

        /** Names are the same on both sides, so that messages are. */
        private static String opinionOf(String opinion, Path folder) throws Exception {
            return FsTools.run("sh", "-c", "exec 2>&1; cd " + folder + "; " + opinion + "; true");
        }

        private static void cut(Path from, RandomDisk.Volume volume) throws IOException {
            try (FileChannel in = FileChannel.open(from);
                    FileChannel out = FileChannel.open(
                            from.resolveSibling("volume"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                long at = 0;
                while (at < volume.bytes()) {
                    at += in.transferTo(volume.offset() + at, volume.bytes() - at, out);
                }
            }
        }

        private static void fillWithNoise(Path path, long bytes) throws IOException {
            Files.createFile(path);
            noise(path, 0, bytes);
        }

        private static void noise(Path path, long offset, long bytes) throws IOException {
            try (FileChannel in = FileChannel.open(noise);
                    FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
                out.position(offset);
                for (long at = 0; at < bytes; ) {
                    at += in.transferTo(0, Math.min(NOISE_BYTES, bytes - at), out);
                }
            }
        }
    }
}
