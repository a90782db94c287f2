package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.device.FaultyDisk;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskTrackSourceTest {
    private static final int SECTORS = 40;
    private static final TrackSpace SPACE = new TrackSpace(
            new Geometry(512, 2, 8, SECTORS), List.of(new Region(1, 3, 10, "one"), new Region(2, 20, 20, "two")));

    @TempDir
    Path directory;

    private byte[] content;
    private FaultyDisk disk;
    private DiskTrackSource source;

    @BeforeEach
    void openDisk() throws Exception {
        content = new byte[SECTORS * 512];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("disk"), content);
        disk = new FaultyDisk(Disks.openForReading(file.toString()));
        source = new DiskTrackSource(disk, SPACE, DiskTrackSource.DEFAULT_TRIES);
    }

    @AfterEach
    void closeDisk() {
        disk.close();
    }

    @Test
    void eachTrackComesFromItsPlace() throws Exception {
        int[][] placesAndSectors = {{3, 8}, {11, 2}, {20, 8}, {28, 8}, {36, 4}};
        ByteBuffer into = ByteBuffer.allocate(SPACE.geometry().trackBytes() + 5);
        for (int track = 0; track < SPACE.trackCount(); track++) {
            into.clear().position(5);
            assertThat(source.read(track, into)).isSameAs(UnreadableMap.NONE);
            int from = placesAndSectors[track][0] * 512;
            int bytes = placesAndSectors[track][1] * 512;
            assertThat(into.position()).isEqualTo(5 + bytes);
            assertThat(Arrays.copyOfRange(into.array(), 5, 5 + bytes))
                    .isEqualTo(Arrays.copyOfRange(content, from, from + bytes));
        }
    }

    @Test
    void aTrackThatReadsAtTheFifthTryIsGood() throws Exception {
        disk.failReads(25, Errno.EIO, 4);
        ByteBuffer into = ByteBuffer.allocate(4096);
        assertThat(source.read(2, into)).isSameAs(UnreadableMap.NONE);
        assertThat(into.array()).isEqualTo(Arrays.copyOfRange(content, 20 * 512, 28 * 512));
        assertThat(source.retries()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.EILSEQ, Errno.EBADMSG, Errno.ENODATA, Errno.EREMOTEIO})
    void aMediaErrorAfterFiveTriesMakesTheSectorUnreadable(int errno) throws Exception {
        disk.failReads(25, errno, FaultyDisk.FOR_EVER);
        ByteBuffer into = ByteBuffer.allocate(8192).position(10);
        assertThat(source.read(2, into)).hasToString("unreadable bytes 2560 to 3071");
        assertThat(into.position()).isEqualTo(10 + 4096);
        byte[] expected = Arrays.copyOfRange(content, 20 * 512, 28 * 512);
        Arrays.fill(expected, 5 * 512, 6 * 512, (byte) 0);
        assertThat(Arrays.copyOfRange(into.array(), 10, 10 + 4096)).isEqualTo(expected);
        assertThat(disk.calls().stream().filter("read 12800 512"::equals)).hasSize(5);
        assertThat(source.read(3, into.clear())).isSameAs(UnreadableMap.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENXIO, Errno.ENODEV, Errno.EBADF})
    void aDeviceThatIsGoneFailsAtOnce(int errno) {
        disk.failReads(25, errno, FaultyDisk.FOR_EVER);
        assertThatThrownBy(() -> source.read(2, ByteBuffer.allocate(4096)))
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining("LBA 25")
                .hasMessageContaining("1 attempt");
        assertThat(disk.calls()).hasSize(1);
    }

    @Test
    void anyOtherErrorFailsAfterAllTries() {
        disk.failReads(25, Errno.EINVAL, FaultyDisk.FOR_EVER);
        assertThatThrownBy(() -> source.read(2, ByteBuffer.allocate(4096)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("5 attempts");
    }

    @Test
    void onlyTheWantedPartsAreGivenAndTheRestIsZero() throws Exception {
        // given sectors 1, 3 and 4 of the third track, which begins at sector 20
        TrackParts parts = track -> new int[] {512, 1024, 3 * 512, 5 * 512};
        DiskTrackSource partly = new DiskTrackSource(disk, SPACE, 5, new BadTime(BadTime.DEFAULT), parts);
        byte[] expected = new byte[8 * 512];
        System.arraycopy(content, 21 * 512, expected, 512, 512);
        System.arraycopy(content, 23 * 512, expected, 3 * 512, 1024);
        ByteBuffer into = ByteBuffer.allocate(5 + 8 * 512);
        Arrays.fill(into.array(), (byte) 0x5A);
        // when
        UnreadableMap unreadable = partly.read(2, into.position(5));
        // then
        assertThat(unreadable).isSameAs(UnreadableMap.NONE);
        assertThat(into.position()).isEqualTo(5 + 8 * 512);
        assertThat(Arrays.copyOfRange(into.array(), 5, into.capacity())).isEqualTo(expected);
        assertThat(disk.calls()).as("one read").hasSize(1);
    }

    @Test
    void aBadSectorThatNobodyWantsDoesNoHarm() throws Exception {
        disk.failReads(22, Errno.EIO, FaultyDisk.FOR_EVER);
        DiskTrackSource partly = new DiskTrackSource(
                disk, SPACE, 2, new BadTime(BadTime.DEFAULT), track -> new int[] {512, 1024, 3 * 512, 5 * 512});
        ByteBuffer into = ByteBuffer.allocate(8 * 512);
        assertThat(partly.read(2, into)).isSameAs(UnreadableMap.NONE);
        assertThat(Arrays.copyOfRange(into.array(), 3 * 512, 5 * 512))
                .isEqualTo(Arrays.copyOfRange(content, 23 * 512, 25 * 512));
        assertThat(Arrays.copyOfRange(into.array(), 1024, 3 * 512)).containsOnly(0);
    }
}
