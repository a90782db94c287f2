package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What stands between a sealed hello and the first data: it must not be waited for, nor cost the processors of a room. */
@Execution(ExecutionMode.CONCURRENT)
class SealedStartSimulationTest {
    private static final long SETTLE_MS = 250;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final SimulatedSeal KEY = SimulatedSeal.of(1);

    private final SimulatedSource source = SimulatedSource.random(40, 1);

    /** They come through two sockets, so either may be read first. */
    @Test
    void keysThatAreReadBehindTheStateCostNoAnnouncement() {
        SimulatedLan lan = new SimulatedLan(1).sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        lan.losing(lateBy(lan, slave, master, 5));

        lan.runUntil(() -> master.slaves().size() == 1, Duration.ofMillis(100));
        lan.runUntil(slave::isOver, LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
    }

    /** A slave that listens for other masters does so from the hello on: the handshake is part of that time. */
    @Test
    void theHandshakeIsOverWhileOtherMastersAreListenedFor() {
        SimulatedLan lan = new SimulatedLan(4).listening().sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(5));
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        lan.losing(lateBy(lan, slave, master, 100));

        lan.runFor(Duration.ofMillis(SETTLE_MS - 5));
        assertThat(master.slaves()).isEmpty();
        lan.runUntil(() -> master.slaves().size() == 1, Duration.ofMillis(15));
    }

    @Test
    void ofPaddedAnnouncementsOnlyTheLongestOfEachTimeIsOpened() {
        SimulatedLan lan = new SimulatedLan(2).sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(
                source, settings -> settings.slaves(2).leastSymbol(1_200).largestSymbol(1_432));
        int[] states = new int[1];
        lan.losing((to, isToMaster, command, datagram) -> {
            boolean isLost = datagram.length > 1_400;
            states[0] += command == CommandType.DRIVE_GEOMETRY && !isLost ? 1 : 0;
            return isLost;
        });

        lan.runFor(Duration.ofSeconds(10));

        assertThat(master.slaves()).hasSize(1);
        assertThat(states[0]).as("announcements").isGreaterThan(200);
        assertThat(slave.opened()).as("opened").isLessThan(states[0] / 4).isGreaterThan(20);
    }

    @Test
    void theLongestThatComesThroughIsTheProofOfThePath() {
        SimulatedLan lan = new SimulatedLan(3).sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(
                source, settings -> settings.slaves(1).leastSymbol(1_200).largestSymbol(1_432));
        int[] longest = new int[1];
        lan.losing((to, isToMaster, command, datagram) -> {
            longest[0] = Math.max(longest[0], datagram.length > 1_400 || !command.isData() ? 0 : datagram.length);
            return datagram.length > 1_400;
        });

        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(longest[0]).isGreaterThan(1_380);
    }

    /** What a master announces comes back to it, some hundred times before the last slave is there. */
    @Test
    void aMasterThatWaitsHearsNoForgeryInItsOwnWords() {
        SimulatedLan lan = new SimulatedLan(5).sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));

        lan.runFor(Duration.ofMinutes(10));
        assertThat(master.slaves()).hasSize(1);
        SimulatedSlave second = lan.startSlave(source);
        lan.runUntil(() -> slave.isOver() && second.isOver() && master.isOver(), LIMIT);

        assertThat(master.sealed().counts().forged()).isZero();
        assertThat(master.sealed().counts().unknownEpoch()).isZero();
        assertThat(master.saysComplete()).isTrue();
    }

    /** The first Confirm Download comes so many milliseconds late. */
    private static SimulatedLan.Filter lateBy(SimulatedLan lan, SimulatedSlave slave, SimulatedMaster master, int ms) {
        int[] confirms = new int[1];
        return (to, isToMaster, command, datagram) -> {
            if (command != CommandType.CONFIRM_DOWNLOAD || confirms[0]++ > 0) {
                return false;
            }
            lan.after(
                    Duration.ofMillis(ms), () -> slave.onDatagram(Unpooled.wrappedBuffer(datagram), master.address()));
            return true;
        };
    }
}
