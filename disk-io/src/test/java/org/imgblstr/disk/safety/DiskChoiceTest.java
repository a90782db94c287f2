package org.imgblstr.disk.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.safety.DiskChoice.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskChoiceTest {
    private static final List<Candidate> DISKS = List.of(
            disk("sda", "Samsung SSD 870", "S3Z8NB0K", "naa.5000c500a1b2c3d4", true, true),
            disk("nvme0n1", "Samsung SSD 980", "S649", "eui.0025385b71b0e1f2", true, false),
            disk("sdb", "SanDisk Ultra", "", "", false, false),
            disk("sdc", "SanDisk Ultra", "4C53", "", false, false));

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "only, nvme0n1",
        "serial=s3z8nb0k, sda",
        "serial=S649, nvme0n1",
        "wwn=0x5000C500A1B2C3D4, sda",
        "wwn=naa.5000c500a1b2c3d4, sda",
        "wwn=0025385b71b0e1f2, nvme0n1",
        "model=ssd 870, sda",
        "model=980, nvme0n1",
        "serial=4c53, sdc"
    })
    void oneDiskIsMeant(String text, String name) throws Exception {
        assertThat(DiskChoice.choose(text, DISKS).device()).isEqualTo("/dev/" + name);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"serial=S64", "serial=", "wwn=", "model=", "wwn=5000c500", "model=WDC"})
    void noDiskIsMeant(String text) {
        assertThatThrownBy(() -> DiskChoice.choose(text, DISKS))
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContainingAll(text, "this machine has no", "'imgblstr disks'");
    }

    @Test
    void severalDisksAreNamedAndNoneIsTaken() {
        assertThatThrownBy(() -> DiskChoice.choose("model=SanDisk", DISKS))
                .hasMessageContainingAll("has 2 disks that it fits", "/dev/sdb (SanDisk Ultra", "/dev/sdc", "4C53");
    }

    @Test
    void onlyIsNoneWhereTheFixedDiskHoldsTheSystemAndNoneOfTwo() {
        assertThatThrownBy(() -> DiskChoice.choose("only", List.of(DISKS.get(0), DISKS.get(2))))
                .hasMessageContaining("no fixed disks that do not hold the running system");
        List<Candidate> two = List.of(DISKS.get(1), disk("sdd", "WDC", "W1", "", true, false));
        assertThatThrownBy(() -> DiskChoice.choose("only", two)).hasMessageContainingAll("2 fixed disks", "/dev/sdd");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/dev/sda", "./only", "only.img", "model", "disk.raw", "/dev/disk/by-id/wwn-0x5000"})
    void aPathIsAPath(String text) throws Exception {
        assertThat(DiskChoice.path(text)).isEqualTo(text);
    }

    @Test
    void theDisksOfThisMachineAreLookedAt() {
        assertThatThrownBy(() -> DiskChoice.path("serial=no disk has this number"))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("this machine has no disks that it fits");
    }

    private static Candidate disk(
            String name, String model, String serial, String wwn, boolean isFixed, boolean isSystem) {
        String node = "/dev/" + name;
        return new Candidate(
                new DiskIdentity(node, node, model, serial, 1 << 30, 512, DiskIdentity.Kind.DISK),
                wwn,
                isFixed,
                isSystem);
    }
}
