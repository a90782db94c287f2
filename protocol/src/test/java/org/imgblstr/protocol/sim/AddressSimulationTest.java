package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of slaves and of the master change while a session lasts; somebody else uses the session's number. */
@Execution(ExecutionMode.CONCURRENT)
class AddressSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final InetSocketAddress NEW = SimulatedLan.address(9, 4001);

    private final SimulatedSource source = SimulatedSource.random(300, 5);

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.range(0, 6), LongStream.of(System.nanoTime()))
                .boxed();
    }

    private static void assertComplete(SimulatedMaster master, List<SimulatedSlave> slaves) {
        assertThat(master.saysComplete()).as(master.toString()).isTrue();
        assertThat(slaves).allMatch(slave -> slave.result() == Result.COMPLETE && slave.hasSourcesBytes());
        assertThat(slaves).allMatch(slave -> slave.mostWritesOfATrack() == 1);
    }

    private static SlaveEntry entryOf(SimulatedSlave slave, SimulatedMaster master) {
        return master.slaves().stream()
                .filter(entry -> entry.nonce() == slave.nonce())
                .findFirst()
                .orElseThrow();
    }

    private static boolean areOver(SimulatedMaster master, List<SimulatedSlave> slaves) {
        return master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver);
    }

    @Test
    void aSlaveWithANewAddressGoesOn() {
        SimulatedLan lan = new SimulatedLan(1).linkBitsPerSecond(20_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);

        slaves.get(1).move();
        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertComplete(master, slaves);
        assertThat(master.slaves()).hasSize(2);
        SlaveEntry moved = entryOf(slaves.get(1), master);
        assertThat(moved.name().address()).isEqualTo("10.0.1.46");
        assertThat(master.changes())
                .contains(moved.index() + " sends from this address now, and sent from 10.0.0.102 before; it goes on")
                .noneMatch(change -> change.contains("silent"));
    }

    @Test
    void aSlaveThatMovesBeforeItIsConfirmedIsAnsweredAtItsNewAddress() {
        SimulatedLan lan = new SimulatedLan(2)
                .losing((slave, isToMaster, command, datagram) -> command == CommandType.CONFIRM_DOWNLOAD
                        && slave.address().getAddress().getHostAddress().startsWith("10.0.0."));
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> !master.slaves().isEmpty(), LIMIT);
        assertThat(slave.state()).isEqualTo(SlaveState.AWAIT_CONFIRM);

        slave.move();
        lan.runUntil(() -> areOver(master, List.of(slave)), LIMIT);

        assertComplete(master, List.of(slave));
        assertThat(master.slaves()).hasSize(1);
    }

    @Test
    void aSlaveThatWasRemovedIsToldAtItsNewAddress() {
        SimulatedLan lan = new SimulatedLan(3).linkBitsPerSecond(20_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);

        slaves.get(1).cutOff(true);
        master.kick(entryOf(slaves.get(1), master));
        slaves.get(1).move();
        slaves.get(1).cutOff(false);
        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertThat(slaves.get(1).result()).isEqualTo(Result.KICKED);
        assertThat(slaves.get(0).result()).isEqualTo(Result.COMPLETE);
    }

    @ParameterizedTest(name = "without an address for {0} ms")
    @ValueSource(ints = {0, 1_000, 10_000, 20_000})
    void aMasterWithANewAddressKeepsItsSlaves(int goneMs) {
        SimulatedLan lan = new SimulatedLan(4).linkBitsPerSecond(20_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);

        slaves.forEach(slave -> slave.cutOff(true));
        lan.runFor(Duration.ofMillis(goneMs));
        master.moveTo(NEW);
        slaves.forEach(slave -> slave.cutOff(false));
        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertComplete(master, slaves);
        assertThat(slaves).allSatisfy(slave -> assertThat(slave.warnings())
                .contains("the master announces its session from 10.0.0.9 now, and was at 10.0.0.1 before; this slave"
                        + " goes on with it"));
    }

    @Test
    void nobodyTakesASessionFromAMasterThatIsHeard() {
        SimulatedLan lan = new SimulatedLan(5).linkBitsPerSecond(2_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 5, LIMIT);

        // The forger has the session's id from the announcements, and announces it from its own address all the time.
        SimulatedMaster[] forger = new SimulatedMaster[1];
        lan.after(Duration.ofMillis(100), () -> forger[0] = lan.startForger(source, NEW));
        lan.runUntil(() -> areOver(master, List.of(slave)), LIMIT);

        assertComplete(master, List.of(slave));
        assertThat(forger[0].slaves()).isEmpty();
        assertThat(slave.foreignDatagrams()).isGreaterThan(5);
        assertThat(slave.warnings()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverMovesUnderLossCompletes(long seed) {
        SimulatedLan lan = new SimulatedLan(seed).loss(0.03).reorderingMs(2).linkBitsPerSecond(5_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.sendPosition() > lan.random.nextInt(1, 200), LIMIT);
        for (int i = 0; i < 4; i++) {
            slaves.get(lan.random.nextInt(3)).move();
            if (lan.random.nextBoolean()) {
                master.moveTo(SimulatedLan.address(10 + i, 4000));
            }
            lan.runFor(Duration.ofMillis(lan.random.nextInt(8_000)));
        }

        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertComplete(master, slaves);
    }
}
