package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses of a disk, in a sysfs and procfs laid out by hand: sda with two partitions, the second under a RAID under LVM. */
class SystemUsesTest {
    @TempDir
    Path root;

    private SystemUses uses;
    private BlockDevice disk;

    @BeforeEach
    void layOut() throws IOException {
        disk = device("devices/sda", "8:0");
        partition("sda1", 1, "8:1");
        partition("sda2", 2, "8:2");
        device("devices/md0", "9:0");
        device("devices/dm-0", "253:0");
        for (String name : List.of("sda", "md0", "dm-0")) {
            Path link = Files.createDirectories(root.resolve("block")).resolve(name);
            Files.createSymbolicLink(link, root.resolve("devices").resolve(name));
        }
        hold("devices/sda/sda2", "md0");
        hold("devices/md0", "dm-0");
        Files.createDirectories(root.resolve("proc/self"));
        mounts();
        uses = new SystemUses(new Sysfs(root), new Mounts(root.resolve("proc")));
    }

    @Test
    void whatIsBuiltOnADiskIsFoundThroughAllLayers() throws Exception {
        assertThat(uses.ofDevice(disk))
                .extracting(SystemUse::kind, SystemUse::device)
                .containsExactly(tuple(Kind.HELD, "/dev/sda2"), tuple(Kind.HELD, "/dev/md0"));
        assertThat(uses.ofDevice(child("sda1"))).isEmpty();
    }

    @Test
    void aMountOfALogicalVolumeIsAUseOfItsDisk() throws Exception {
        mounts("30 1 253:0 / /srv\\040data rw - ext4 /dev/mapper/data rw");
        assertThat(uses.ofDevice(disk)).contains(new SystemUse(Kind.MOUNTED, "/dev/dm-0", "/srv data", "ext4", true));
        assertThat(uses.ofDevice(child("sda1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/boot", "/boot/efi", "/usr", "/efi"})
    void theRunningSystemIsRecognised(String mountPoint) throws Exception {
        mounts("30 1 8:1 / " + mountPoint + " rw shared:1 - ext4 /dev/root ro,errors=continue");
        assertThat(uses.ofDevice(disk)).contains(new SystemUse(Kind.SYSTEM, "/dev/sda1", mountPoint, "ext4", false));
    }

    @Test
    void otherDisksDoNotCount() throws Exception {
        mounts("30 1 8:16 / / rw - ext4 /dev/sdb rw", "31 1 0:21 / /proc rw - proc proc rw", "broken line");
        assertThat(uses.ofDevice(child("sda1"))).isEmpty();
    }

    @Test
    void aReadOnlyDiskIsReadOnlyInAllItsPartitions() throws Exception {
        Files.writeString(disk.directory().resolve("ro"), "1\n");
        assertThat(uses.ofDevice(child("sda1"))).extracting(SystemUse::kind).containsExactly(Kind.READ_ONLY);
    }

    @Test
    void modelAndSerialLoseWhatATerminalWouldObey() throws Exception {
        Files.createDirectories(disk.directory().resolve("device"));
        Files.writeString(disk.directory().resolve("device/model"), "\u001b[31mDisk 9  \n");
        Files.write(disk.directory().resolve("device/vpd_pg80"), new byte[] {0, (byte) 0x80, 0, 4, 'A', 'B', '1', '2'});
        assertThat(child("sda1").model()).isEqualTo("[31mDisk 9");
        assertThat(child("sda1").serial()).isEqualTo("AB12");
    }

    @Test
    void disksAndTheirPartsOverlapAndNeighboursDoNot() throws Exception {
        BlockDevice first = child("sda1");
        BlockDevice second = child("sda2");
        BlockDevice volume = new BlockDevice(root.toRealPath().resolve("devices/dm-0"));
        assertThat(disk.overlaps(first)).isTrue();
        assertThat(second.overlaps(disk)).isTrue();
        assertThat(volume.overlaps(disk)).isTrue();
        assertThat(second.overlaps(volume)).isTrue();
        assertThat(first.overlaps(second)).isFalse();
        assertThat(first.overlaps(volume)).isFalse();
    }

    @Test
    void largeDeviceNumbersAreTakenApart() {
        assertThat(Sysfs.numberOf(0x801)).isEqualTo("8:1");
        assertThat(Sysfs.numberOf(0x100FD02L)).isEqualTo("253:4098");
        assertThat(Sysfs.numberOf(0x1000_0000_0801L)).isEqualTo("4104:1");
    }

    private BlockDevice child(String name) {
        return new BlockDevice(disk.directory().resolve(name));
    }

    private BlockDevice device(String directory, String number) throws IOException {
        Path path = Files.createDirectories(root.resolve(directory)).toRealPath();
        Files.createDirectories(path.resolve("holders"));
        Files.writeString(path.resolve("dev"), number + "\n");
        Files.writeString(path.resolve("ro"), "0\n");
        Files.writeString(path.resolve("size"), "1000\n");
        return new BlockDevice(path);
    }

    private void partition(String name, int number, String device) throws IOException {
        Path path = device("devices/sda/" + name, device).directory();
        Files.writeString(path.resolve("partition"), number + "\n");
        Files.writeString(path.resolve("start"), (2000 + 1000 * number) + "\n");
    }

    private void hold(String directory, String holder) throws IOException {
        Files.createSymbolicLink(
                root.resolve(directory).resolve("holders").resolve(holder),
                root.resolve("devices").resolve(holder));
    }

    private void mounts(String... lines) throws IOException {
        Files.write(root.resolve("proc/self/mountinfo"), List.of(lines));
    }
}
