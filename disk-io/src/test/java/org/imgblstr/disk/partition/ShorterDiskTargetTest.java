package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.DiskTrackTarget;
import org.imgblstr.disk.track.TrackTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPT made to fit a shorter disk, with sgdisk and sfdisk as judges. */
class ShorterDiskTargetTest {
    private static final int MIB = 1 << 20;
    private static final int SOURCE_BYTES = 64 * MIB;
    private static final int BACKUP_BYTES = 33 * 512;

    /** Where the last partition ends. */
    private static final int USED_BYTES = 33 * MIB;

    private static final TrackSpace SPACE =
            new TrackSpace(Geometry.of(512, SOURCE_BYTES / 512), List.of(new Region(0, 0, SOURCE_BYTES / 512, "")));

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} bytes behind the last partition")
    @ValueSource(ints = {BACKUP_BYTES, BACKUP_BYTES + 512, 256 * 1024, 3 * MIB, 31 * MIB - 512, 31 * MIB - 8192})
    void theTableIsSoundAndThePartitionsAreWhole(int behind) throws Exception {
        // given
        byte[] source = source();
        Path file = noise(USED_BYTES + behind);
        // when
        try (TrackTarget target = open(file)) {
            transfer(source, target);
            // then
            assertReadsAsSource(source, target);
        }
        assertThat(Shell.run("sgdisk", "-v", file.toString())).contains("No problems found");
        assertThat(Shell.run("sfdisk", "--verify", file.toString())).contains("No errors detected");
        byte[] found = Files.readAllBytes(file);
        assertThat(Arrays.mismatch(found, 34 * 512, USED_BYTES, source, 34 * 512, USED_BYTES))
                .isEqualTo(-1);
        assertThat(Shell.run("sfdisk", "-d", file.toString()))
                .contains("size=        8192")
                .contains("size=       57344");
    }

    @Test
    void whatIsNotWrittenYetReadsDifferentFromTheSource() throws Exception {
        byte[] source = source();
        Path file = noise(USED_BYTES + 2 * MIB);
        try (TrackTarget target = open(file)) {
            int last = SPACE.trackCount() - 1;
            for (int track : new int[] {0, last}) {
                ByteBuffer into = ByteBuffer.allocate(SPACE.rawBytes(track));
                target.read(track, into);
                assertThat(into.array()).isNotEqualTo(raw(source, track));
            }
            transfer(source, target);
            try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
                damaged.seek(512 + 48);
                damaged.write(0xFF);
            }
            ByteBuffer into = ByteBuffer.allocate(SPACE.rawBytes(0));
            target.read(0, into);
            assertThat(into.array()).as("a damaged header shows").isNotEqualTo(raw(source, 0));
        }
    }

    /** As a slave with {@code --delta} does, which gets only what reads different from the source. */
    @Test
    void theHeadOfTheSourceThatLiesThereAlreadyIsFittedToo() throws Exception {
        // given: the front of the source, byte for byte
        byte[] source = source();
        Path file = Files.write(folder.resolve("target"), Arrays.copyOf(source, USED_BYTES + 3 * MIB));
        // when
        try (TrackTarget target = open(file)) {
            for (int track = 0; track < SPACE.trackCount(); track++) {
                ByteBuffer found = ByteBuffer.allocateDirect(SPACE.rawBytes(track));
                target.read(track, found);
                ByteBuffer wanted = ByteBuffer.wrap(raw(source, track));
                if (!found.flip().equals(wanted)) {
                    target.write(track, found.clear().put(wanted).flip());
                }
            }
            target.sync();
            // then
            assertReadsAsSource(source, target);
        }
        assertThat(Shell.run("sgdisk", "-v", file.toString())).contains("No problems found");
    }

    @Test
    void dataBehindTheEndIsNeverDroppedSilently() throws Exception {
        byte[] source = source();
        source[50 * MIB] = 1;
        try (TrackTarget target = open(noise(USED_BYTES + MIB))) {
            assertThatThrownBy(() -> transfer(source, target))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("behind its end");
        }
    }

    @Test
    void aDiskThatThePartitionsDoNotFitIsRefused() throws Exception {
        byte[] source = source();
        try (TrackTarget target = open(noise(USED_BYTES + BACKUP_BYTES - 512))) {
            assertThatThrownBy(() -> target.write(0, ByteBuffer.wrap(raw(source, 0))))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining((USED_BYTES + BACKUP_BYTES) / 512 + " sectors");
        }
    }

    @Test
    void damagedHeadsAreNoGptAndNothingElseHappens() throws Exception {
        byte[] head = Arrays.copyOf(source(), 256 * 1024);
        assertThat(GptFit.of(ByteBuffer.wrap(head), 512)).isPresent();
        Random random = new Random(5);
        for (int variant = 0; variant < 300; variant++) {
            byte[] damaged = head.clone();
            damaged[512 + random.nextInt(92)] ^= (byte) (1 << random.nextInt(8));
            byte[] shortened = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            assertThat(GptFit.of(ByteBuffer.wrap(damaged), 512))
                    .as("variant %s", variant)
                    .isEmpty();
            assertThat(GptFit.of(ByteBuffer.wrap(shortened), 512))
                    .as("variant %s", variant)
                    .isEmpty();
        }
    }

    /** As a pass gives it, the head last: tracks may come in any order. */
    private static void transfer(byte[] source, TrackTarget target) throws DeviceException {
        for (int track = SPACE.trackCount() - 1; track >= 0; track--) {
            byte[] raw = raw(source, track);
            if (Arrays.equals(raw, new byte[raw.length])) {
                target.skip(track, 1, track * 262_144L < USED_BYTES ? TrackKind.ZERO : TrackKind.UNUSED);
            } else {
                target.write(track, ByteBuffer.wrap(raw));
            }
        }
        target.sync();
    }

    private static void assertReadsAsSource(byte[] source, TrackTarget target) throws DeviceException {
        for (int track = 0; track < SPACE.trackCount(); track++) {
            byte[] raw = raw(source, track);
            if (!Arrays.equals(raw, new byte[raw.length])) {
                ByteBuffer into = ByteBuffer.allocate(raw.length);
                target.read(track, into);
                assertThat(Arrays.mismatch(into.array(), raw))
                        .as("track %s", track)
                        .isEqualTo(-1);
            }
        }
    }

    private static byte[] raw(byte[] source, int track) {
        int at = track * SPACE.geometry().trackBytes();
        return Arrays.copyOfRange(source, at, at + SPACE.rawBytes(track));
    }

    /** Two partitions, 1 to 5 and 5 to 33 MiB, full of noise, and nothing behind them but the backup. */
    private byte[] source() throws IOException {
        Shell.assumeTools("sfdisk", "sgdisk");
        Path file = Files.write(folder.resolve("source"), new byte[SOURCE_BYTES]);
        Shell.feed("label: gpt\nstart=2048,size=4M\nstart=10240,size=28M\n", "sfdisk", "-q", file.toString());
        byte[] source = Files.readAllBytes(file);
        byte[] noise = new byte[USED_BYTES - MIB];
        new Random(1).nextBytes(noise);
        System.arraycopy(noise, 0, source, MIB, noise.length);
        return source;
    }

    private Path noise(int bytes) throws IOException {
        byte[] noise = new byte[bytes];
        new Random(2).nextBytes(noise);
        return Files.write(folder.resolve("target"), noise);
    }

    private static TrackTarget open(Path file) throws Exception {
        Disk disk = Disks.openForWriting(file.toString());
        return new ShorterDiskTarget(new DiskTrackTarget(disk, SPACE, new long[] {0}, false), disk);
    }
}
