package org.imgblstr.protocol.master.slaves;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.junit.jupiter.api.Test;

class SameLabelsTest {
    private static final SlaveMachine FIRST = new SlaveMachine("52:54:00:00:00:01", "/dev/sda", "SSD", "S1", 1 << 20);
    private static final SlaveMachine SECOND = new SlaveMachine("52:54:00:00:00:02", "/dev/sda", "SSD", "S2", 1 << 20);

    private final SameLabels labels = new SameLabels();
    private final List<SlaveEntry> all = new ArrayList<>();

    @Test
    void twoOfOneLabelAreToldApartByAddressOnce() {
        assertThat(join(1, "debian", "10.0.0.3", FIRST)).isEmpty();
        assertThat(join(2, "other", "10.0.0.5", FIRST)).isEmpty();

        assertThat(join(3, "debian", "10.0.0.4", SECOND))
                .startsWith("two slaves are called debian: 10.0.0.3 and 10.0.0.4; ");
        assertThat(join(4, "debian", "10.0.0.6", SECOND)).as("told already").isEmpty();
    }

    @Test
    void thoseOfOneAddressAreToldApartByTheirHardwareOrTheirDisk() {
        join(1, "debian", "10.0.0.3", FIRST);
        assertThat(join(2, "debian", "10.0.0.3", SECOND))
                .contains("10.0.0.3, 52:54:00:00:00:01 and 52:54:00:00:00:02;");

        join(3, "arch", "10.0.0.3", FIRST);
        assertThat(join(4, "arch", "10.0.0.3", SECOND.withMac(FIRST.mac())))
                .contains("10.0.0.3, /dev/sda, SSD (S1) and /dev/sda, SSD (S2);");
    }

    @Test
    void aSlaveThatIsStartedAgainIsNotTwo() {
        join(1, "debian", "10.0.0.3", FIRST);
        assertThat(join(1, "debian", "10.0.0.7", FIRST)).isEmpty();
    }

    private String join(long id, String label, String address, SlaveMachine machine) {
        RsvpFlyweight rsvp = new RsvpFlyweight()
                .wrapForWriting(Unpooled.buffer(512), 0)
                .slaveId(new UUID(1, id))
                .nonce(all.size())
                .label(label)
                .machine(machine);
        rsvp.seal();
        var slave = new SlaveEntry(all.size() + 1, rsvp, new InetSocketAddress(address, 5), 0, false, 0, 0);
        all.add(slave);
        return labels.onJoined(slave, all).orElse("");
    }
}
