package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.opentest4j.TestAbortedException;

/**
 * What every reader of a file system promises, for each of its samples. The test of a reader extends this class and has its name with
 * "Test" behind it; {@link EveryReaderTest} looks that none is lacking.
 */
public abstract class FileSystemReaderContract {
    /** A damaged volume that a reader is at for so long counts as an endless loop. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What a reader may allocate for one sample, garbage included. The samples are small, so only nonsense needs more. */
    private static final long MOST_ALLOCATED_BYTES = 96L << 20;

    private static final int SUPERBLOCK_BYTES = 1024;
    private static final int MOST_OTHER_BITS = 2048;

    /** What the flipped bits of one sample may read together: bounds the time for a sample with much metadata. */
    private static final long FLIPS_READ_BYTES = 512L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Map<Class<?>, List<Sample>> SAMPLES = new HashMap<>();

    /**
     * A sound volume, as small as its mkfs makes one.
     *
     * @param name what {@link FileSystemReader#recognise} calls it
     * @param end behind the last byte that the file system manages; what follows may be cut off
     */
    @SuppressWarnings("ArrayRecordComponent") // two samples are never compared
    public record Sample(String title, String name, byte[] content, int end) {
        public Sample(String title, String name, byte[] content) {
            this(title, name, content, content.length);
        }
    }

    protected abstract FileSystemReader reader();

    /** Sound volumes, made in {@code folder}, which is removed afterwards; skips the test where a tool is lacking. */
    protected abstract List<Sample> samples(Path folder) throws Exception;

    /** Whether the reader tells used from free here; one that only knows names, or needs a device, does not. */
    protected boolean isMapped() {
        return true;
    }

    /** Runs {@code command} by a shell. VOLUME is the file, FILES a folder with some files, PROTOTYPE the same for mkfs.xfs. */
    protected static Sample made(Path folder, String title, String name, int kibibytes, String command)
            throws Exception {
        Path files = FsTools.files(folder, 6, 1);
        Path volume = FsTools.sparse(folder, "volume" + System.nanoTime(), (long) kibibytes << 10);
        FsTools.run(
                "sh",
                "-ec",
                command.replace("FILES", files.toString())
                        .replace("PROTOTYPE", Restored.prototype(files).toString())
                        .replace("VOLUME", volume.toString()));
        return new Sample(title, name, Files.readAllBytes(volume));
    }

    @TestFactory
    Stream<DynamicTest> recognisesItsOwn() throws Exception {
        return each(sample -> {
            Optional<FileSystemReader.Identity> found = reader().recognise(WatchedVolume.of(sample.content()));
            assertThat(found).map(FileSystemReader.Identity::name).contains(sample.name());
        });
    }

    @TestFactory
    Stream<DynamicTest> doesNotRecogniseTheVolumesOfOthers() throws Exception {
        return each(samplesOfOthers(), sample -> {
            assertThat(reader().recognise(WatchedVolume.of(sample.content()))).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> doesNotRecogniseZerosOrNoise() {
        return IntStream.of(0, 1, 511, 512, 4096, 65_536, 1 << 20)
                .mapToObj(bytes -> dynamicTest(bytes + " bytes", () -> {
                    byte[] content = new byte[bytes];
                    assertThat(reader().recognise(WatchedVolume.of(content)))
                            .as("zeros")
                            .isEmpty();
                    for (int seed = 0; seed < 20; seed++) {
                        new Random(seed).nextBytes(content);
                        assertThat(reader().recognise(WatchedVolume.of(content)))
                                .as("noise " + seed)
                                .isEmpty();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> keepsAllThatItHasRead() throws Exception {
        return each(sample -> {
            WatchedVolume volume = WatchedVolume.of(sample.content());
            Optional<UsedMap> map = mapOf(volume);
            assertThat(map.isPresent()).isEqualTo(isMapped());
            map.ifPresent(used -> {
                assertThat(used.sizeBytes()).isEqualTo(sample.content().length);
                assertThat(used.usedBytes()).isPositive().isLessThan(sample.content().length);
                FsTools.requireKept(used, volume.reads());
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> saysTheSameEachTime() throws Exception {
        return each(sample -> {
            FileSystemReader reader = reader();
            Optional<UsedMap> first = mapOf(reader, WatchedVolume.of(sample.content()));
            Optional<UsedMap> second = mapOf(reader, WatchedVolume.of(sample.content()));
            assertThat(second.isPresent()).isEqualTo(first.isPresent());
            first.ifPresent(map -> requireSame(map, second.orElseThrow()));
        });
    }

    @TestFactory
    Stream<DynamicTest> isUnsureOfAVolumeThatIsShorterThanItsFileSystem() throws Exception {
        return each(sample -> {
            for (int length : lengthsToCutAt(sample.end())) {
                assertThat(guarded("cut at byte " + length, new WatchedVolume(sample.content(), length)))
                        .as("map of a volume that was cut at byte " + length)
                        .isEmpty();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> keepsWhatLiesBehindTheFileSystem() throws Exception {
        return each(sample -> {
            int end = sample.content().length;
            byte[] longer = Arrays.copyOf(sample.content(), end + 66_048);
            Optional<UsedMap> truth = mapOf(WatchedVolume.of(sample.content()));
            guarded("longer", WatchedVolume.of(longer)).ifPresent(map -> {
                assertThat(map.nextFree(end)).isEqualTo(longer.length);
                requireCovers(map, truth.orElseThrow(), "longer");
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> aFlippedBitOfItsMetadataFreesNothing() throws Exception {
        return each(sample -> {
            byte[] content = sample.content().clone();
            WatchedVolume sound = WatchedVolume.of(content);
            Optional<UsedMap> truth = mapOf(sound);
            for (long bit : bitsToFlip(sound.reads())) {
                String variant = "bit " + bit % 8 + " of byte " + bit / 8;
                content[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
                Optional<UsedMap> found = guarded(variant, WatchedVolume.of(content));
                content[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
                found.ifPresent(map -> requireCovers(map, truth.orElseThrow(), variant));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aSectorThatCannotBeReadFreesNothing() throws Exception {
        return each(sample -> {
            WatchedVolume sound = WatchedVolume.of(sample.content());
            Optional<UsedMap> truth = mapOf(sound);
            int reads = sound.reads().size();
            for (int read = 0; read < reads; read += 1 + reads / 200) {
                String variant = "read " + read + " failed";
                try {
                    mapOf(WatchedVolume.of(sample.content()).failing(read))
                            .ifPresent(map -> requireCovers(map, truth.orElseThrow(), variant));
                } catch (DeviceException e) {
                    assertThat(e.errno()).as(variant).isPositive();
                }
            }
        });
    }

    /** The map of a damaged volume; empty when all of it is used. Anything but a map or the reason for none is a fault, and is named. */
    private Optional<UsedMap> guarded(String variant, WatchedVolume volume) {
        try {
            return mapOf(volume);
        } catch (RuntimeException | DeviceException | AssertionError e) {
            throw new AssertionError(variant, e);
        }
    }

    private Optional<UsedMap> mapOf(WatchedVolume volume) throws DeviceException {
        return mapOf(reader(), volume);
    }

    private static Optional<UsedMap> mapOf(FileSystemReader reader, WatchedVolume volume) throws DeviceException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            if (reader.recognise(volume).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(reader.usedBlocks(volume));
        } catch (UnsureException unsure) {
            assertThat(unsure.getMessage()).isNotBlank().doesNotContain("\n");
            return Optional.empty();
        } finally {
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED_BYTES);
        }
    }

    private static void requireSame(UsedMap one, UsedMap other) {
        requireCovers(one, other, "first");
        requireCovers(other, one, "second");
    }

    private static void requireCovers(UsedMap map, UsedMap truth, String variant) {
        assertThat(map.covers(truth)).as("all that is used is used: " + variant).isTrue();
        assertThat(map.stored().covers(truth.stored()))
                .as("all that must be read is read: " + variant)
                .isTrue();
    }

    /** Each sector of the first 64 KiB, 300 lengths between, and odd ones near the end. */
    private static List<Integer> lengthsToCutAt(int end) {
        List<Integer> lengths = new ArrayList<>();
        for (int length = 0; length < end; length += length < 65_536 ? 512 : Math.max(512, end / 300 / 512 * 512)) {
            lengths.add(length);
        }
        IntStream.of(1, 2, 511, 512, 513, 1024, 4096)
                .map(less -> end - less)
                .filter(length -> length > 0)
                .forEach(lengths::add);
        return lengths;
    }

    /** All of the first bytes that were read, and as many as there is time for of the others. */
    private static List<Long> bitsToFlip(List<long[]> reads) {
        List<Long> bytes = new ArrayList<>();
        BitSet seen = new BitSet();
        long readBytes = 0;
        for (long[] read : reads) {
            readBytes += read[1] - read[0];
            for (int at = (int) read[0]; at < read[1]; at++) {
                if (!seen.get(at)) {
                    seen.set(at);
                    bytes.add((long) at);
                }
            }
        }
        int most = (int) Math.min(SUPERBLOCK_BYTES * 8 + MOST_OTHER_BITS, 1 + FLIPS_READ_BYTES / readBytes);
        int first = Math.min(bytes.size() * 8, Math.min(SUPERBLOCK_BYTES * 8, most * 2 / 3));
        int step = Math.max(1, (bytes.size() * 8 - first) / Math.max(1, most - first)) | 1;
        return IntStream.iterate(0, bit -> bit < bytes.size() * 8, bit -> bit + (bit < first ? 1 : step))
                .mapToObj(bit -> bytes.get(bit / 8) * 8 + bit % 8)
                .toList();
    }

    private Stream<DynamicTest> each(ThrowingConsumer<Sample> check) throws Exception {
        return each(samplesOf(getClass()), check);
    }

    private static Stream<DynamicTest> each(List<Sample> samples, ThrowingConsumer<Sample> check) {
        return samples.stream()
                .map(sample -> dynamicTest(
                        sample.title(), () -> assertTimeoutPreemptively(LIMIT, () -> check.accept(sample))));
    }

    private List<Sample> samplesOfOthers() throws Exception {
        List<Sample> others = new ArrayList<>();
        for (FileSystemReader reader : FileSystems.standard().readers()) {
            Class<?> test = Class.forName(reader.getClass().getName() + "Test");
            if (test != getClass()) {
                try {
                    others.addAll(samplesOf(test.asSubclass(FileSystemReaderContract.class)));
                } catch (TestAbortedException noTool) {
                    // The test of that reader says so.
                }
            }
        }
        return others;
    }

    private static synchronized List<Sample> samplesOf(Class<? extends FileSystemReaderContract> test)
            throws Exception {
        List<Sample> samples = SAMPLES.get(test);
        if (samples == null) {
            Path folder = Files.createTempDirectory("samples");
            try {
                samples = of(test).samples(folder);
                SAMPLES.put(test, samples);
            } finally {
                FsTools.run("rm", "-r", folder.toString());
            }
        }
        return samples;
    }

    static FileSystemReaderContract of(Class<? extends FileSystemReaderContract> test) throws Exception {
        Constructor<? extends FileSystemReaderContract> constructor = test.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
