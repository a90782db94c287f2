package org.imgblstr.cli.common.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Logical;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Piece;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices of logical volumes: what the device mapper is told, and which devices of a system are those of LVM on a disk. */
class LogicalNodeTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path blocks;

    @Test
    void piecesLieOneBehindTheOther() {
        Logical root = new Logical("root", List.of(new Piece(MIB, 40 * MIB), new Piece(53 * MIB, 16L * 1024 * MIB)));

        assertThat(LogicalNode.table("/dev/sda4", root))
                .isEqualTo("0 81920 linear /dev/sda4 2048\n81920 33554432 linear /dev/sda4 108544\n");
    }

    @Test
    void onlyVolumesOfLvmOnThisDeviceAreRemoved() throws Exception {
        mapped("dm-0", "LVM-NxLyVrCetM", "lab-root", "sda4");
        mapped("dm-1", "LVM-NxLyVrCetM", "lab-swap", "sda4");
        mapped("dm-2", "CRYPT-LUKS2-1", "secret", "sda4");
        mapped("dm-3", "LVM-another", "lab-home", "sdb4");
        Files.createDirectories(blocks.resolve("sda4/holders/md0"));

        assertThat(Activated.names(blocks, "/dev/sda4")).containsExactlyInAnyOrder("lab-root", "lab-swap");
        assertThat(Activated.names(blocks, "/dev/sdc1")).isEmpty();
    }

    private void mapped(String device, String uuid, String name, String below) throws Exception {
        Path folder = Files.createDirectories(blocks.resolve(device).resolve("dm"));
        Files.writeString(folder.resolve("uuid"), uuid + "\n");
        Files.writeString(folder.resolve("name"), name + "\n");
        Files.createDirectories(blocks.resolve(below).resolve("holders").resolve(device));
    }
}
