package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;

/** A thousand slaves that are switched on together: the limits of the handshake keep none of them out, and it is over soon. */
class SealedRoomTest {
    private static final int SLAVES = 1_000;

    @Test
    void aThousandSlavesProveThemselvesAndJoin() {
        SimulatedLan lan = new SimulatedLan(1)
                .sealed(SimulatedSeal.of(1, CountedSealing.primitives()))
                .loss(0.01);
        SimulatedSource source = SimulatedSource.mixed(2, 1, TrackKind.ZERO);
        int[] cookies = new int[1];
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isCookie = command == CommandType.CONFIRM_DOWNLOAD && datagram.length == 64;
            cookies[0] += isCookie ? 1 : 0;
            return false;
        });
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(SLAVES));
        List<SimulatedSlave> slaves = lan.startSlaves(SLAVES, source);

        lan.runUntil(() -> master.slaves().size() == SLAVES, Duration.ofSeconds(15));
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), Duration.ofMinutes(3));

        assertThat(master.saysComplete()).isTrue();
        assertThat(cookies[0]).as("under load the master asks for cookies").isGreaterThan(SLAVES / 2);
        assertThat(master.sealed().counts().badTag()).isZero();
    }
}
