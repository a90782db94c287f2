package org.imgblstr.cli.slave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.imgblstr.disk.device.DiskIdentity;
import org.junit.jupiter.api.Test;

class SlaveIdTest {
    private static final List<String> CARDS = List.of("525400770011");

    @Test
    void theSameMachineAndDiskHaveTheSameId() {
        UUID id = SlaveId.of("m1", CARDS, disk("/dev/sda", "S1"));
        assertThat(SlaveId.of("m1", CARDS, disk("/dev/sda", "S1"))).isEqualTo(id);
        assertThat(SlaveId.of("m1", CARDS, disk("/dev/sdb", "S1"))).isNotEqualTo(id);
        assertThat(SlaveId.of("m2", CARDS, disk("/dev/sda", "S1"))).isNotEqualTo(id);
        assertThat(SlaveId.of("m1", List.of("525400770012"), disk("/dev/sda", "S1")))
                .isNotEqualTo(id);
        assertThat(SlaveId.of("m1", CARDS, disk("/dev/sda", "S2"))).isNotEqualTo(id);
    }

    @Test
    void thisMachineHasOne() {
        assertThat(SlaveId.of(disk("/dev/sda", ""))).isEqualTo(SlaveId.of(disk("/dev/sda", "")));
    }

    private static DiskIdentity disk(String device, String serial) {
        return new DiskIdentity("by-id", device, "", serial, 1 << 20, 512, DiskIdentity.Kind.DISK);
    }
}
