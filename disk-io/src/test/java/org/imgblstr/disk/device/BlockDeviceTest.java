package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDeviceTest {
    @TempDir
    Path sys;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda, 0, ata, false, 0",
        "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/sdb, 0, usb, true, 1",
        "pci0000:00/0000:00:1f.1/host1/target1:0:0/1:0:0:0/block/sr0, 1, scsi, true, 1",
        "pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1, 0, nvme, false, 0",
        "pci0000:00/0000:00:04.0/virtio1/block/vda, 0, virtio, false, 0",
        "platform/host3/session1/target3:0:0/3:0:0:1/block/sdc, 0, iscsi, false, 0",
        "pci0000:00/0000:02:00.0/host2/port-2:0/end_device-2:0/target2:0:0/2:0:0:0/block/sdd, 0, sas, false, 0",
        "pci0000:00/mmc_host/mmc0/mmc0:0001/block/mmcblk0, 0, mmc, true, 1",
        "virtual/block/dm-0, 0, map, false, 2",
        "virtual/block/md127, 0, raid, false, 2",
        "virtual/block/loop0, 0, loop, false, 3",
        "somewhere/xyz, 0, '', false, 0"
    })
    void theBusIsTakenFromNameAndPathAndRanksTheDisk(String path, int removable, String bus, boolean comes, int rank)
            throws IOException {
        Path directory = Files.createDirectories(sys.resolve("devices").resolve(path));
        Files.writeString(directory.resolve("removable"), removable + "\n");
        DiskList.Attachment attachment = DiskList.attachment(new BlockDevice(directory));
        assertThat(attachment).isEqualTo(new DiskList.Attachment(bus, comes));
        assertThat(attachment.rank()).isEqualTo(rank);
    }

    @ParameterizedTest(name = "U+{0}")
    @ValueSource(strings = {"0000", "001B", "000A", "007F", "0085", "009B", "202E", "2066", "2028", "200B"})
    void aModelOrSerialNumberLosesWhatATerminalObeys(String point) {
        String text = " SSD" + Character.toString(Integer.parseInt(point, 16)) + " 870 ";
        assertThat(BlockDevice.printable(text)).isEqualTo("SSD 870");
    }
}
