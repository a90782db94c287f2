package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long datagrams where every path carries them, short ones where one does not; a path may be narrower than both its ends know. */
@Execution(ExecutionMode.CONCURRENT)
class JumboSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** What a path of frames of 1500 bytes carries. */
    private static final int NARROW_BYTES = 1472;

    private static final int LARGE_SYMBOL = 1600;
    private static final int LARGE_DATAGRAM = LARGE_SYMBOL + 28;

    private final SimulatedSource source = SimulatedSource.random(300, 5);
    private final List<SimulatedSlave> narrow = new ArrayList<>();
    private int longestData;
    private int lostData;

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.range(0, 6), LongStream.of(System.nanoTime()))
                .boxed();
    }

    /** A switch behind which some paths are narrow, and which loses what {@code also} says. */
    private SimulatedLan lan(long seed, SimulatedLan.Filter also) {
        return new SimulatedLan(seed).losing((slave, isToMaster, command, datagram) -> {
            boolean isTooLong = !isToMaster && datagram.length > NARROW_BYTES && narrow.contains(slave);
            if (command.isData()) {
                longestData = Math.max(longestData, datagram.length);
                lostData += isTooLong ? 1 : 0;
            }
            return isTooLong || also.loses(slave, isToMaster, command, datagram);
        });
    }

    private SimulatedLan lan(long seed) {
        return lan(seed, (slave, isToMaster, command, datagram) -> false);
    }

    private SimulatedMaster master(SimulatedLan lan, int slaves) {
        return lan.startMaster(source, settings -> settings.slaves(slaves).largestSymbol(LARGE_SYMBOL));
    }

    private List<SimulatedSlave> slaves(SimulatedLan lan, int count) {
        List<SimulatedSlave> slaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slaves.add(lan.startSlave(source, LARGE_SYMBOL));
        }
        return slaves;
    }

    private static void assertComplete(SimulatedMaster master, List<SimulatedSlave> slaves) {
        assertThat(master.saysComplete()).as(master.toString()).isTrue();
        assertThat(slaves).allSatisfy(slave -> {
            assertThat(slave.result()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
            assertThat(slave.mostWritesOfATrack()).isEqualTo(1);
        });
    }

    @Test
    void longDatagramsAreUsedWhenTheyComeToEverySlave() {
        SimulatedLan lan = lan(1);
        SimulatedMaster master = master(lan, 4);
        List<SimulatedSlave> slaves = slaves(lan, 4);
        long openedNs = lan.nowNs();

        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofMillis(1300));
        lan.runUntil(master::isOver, LIMIT);

        assertComplete(master, slaves);
        assertThat(longestData).isEqualTo(LARGE_DATAGRAM);
        assertThat(lan.nowNs() - openedNs).isLessThan(2_600_000_000L);
        assertThat(lan.datagramsToSlaves())
                .as("six for each track, control, and nothing twice")
                .isLessThan(300 * 6 + 100);
    }

    @Test
    void aPathThatLosesLongDatagramsGetsShortOnesAndLosesNothing() {
        SimulatedLan lan = lan(2);
        SimulatedMaster master = master(lan, 4);
        List<SimulatedSlave> slaves = slaves(lan, 4);
        narrow.add(slaves.get(2));

        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofMillis(1300));
        lan.runUntil(master::isOver, LIMIT);

        assertComplete(master, slaves);
        assertThat(longestData).isEqualTo(NARROW_BYTES);
        assertThat(lostData).isZero();
    }

    @Test
    void aSlaveWhoseInterfaceTakesNoLongDatagramsHoldsNobodyUp() {
        SimulatedLan lan = lan(3);
        SimulatedMaster master = master(lan, 3);
        List<SimulatedSlave> slaves = slaves(lan, 2);
        SimulatedSlave small = lan.startSlave(source, 1444);
        narrow.add(small);
        slaves.add(small);

        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofMillis(1300));
        lan.runUntil(master::isOver, LIMIT);

        assertComplete(master, slaves);
        assertThat(longestData).isEqualTo(NARROW_BYTES);
    }

    @Test
    void aSlaveThatComesTooLateForShortDatagramsIsRefusedWithTheReason() {
        // given
        SimulatedLan lan = lan(4).linkBitsPerSecond(1_500_000);
        SimulatedMaster master = master(lan, 2);
        List<SimulatedSlave> slaves = slaves(lan, 2);
        lan.runUntil(() -> master.sendPosition() > 30, LIMIT);
        // when
        SimulatedSlave smallInterface = lan.startSlave(source, 1444);
        SimulatedSlave smallPath = lan.startSlave(source, LARGE_SYMBOL);
        narrow.addAll(List.of(smallInterface, smallPath));
        // then
        lan.runUntil(smallInterface::isOver, Duration.ofMillis(1600));
        lan.runUntil(smallPath::isOver, Duration.ofSeconds(6));
        assertThat(smallInterface.result()).isEqualTo(Result.DOES_NOT_FIT);
        assertThat(smallInterface.message())
                .contains(
                        "datagrams of 1628 bytes",
                        "this interface takes 1472",
                        "set the MTU of this interface to 1656");
        assertThat(smallPath.result()).isEqualTo(Result.DOES_NOT_FIT);
        assertThat(smallPath.message())
                .contains("none that long has reached this machine", "set the MTU of every switch port in between");
        assertThat(List.of(smallInterface, smallPath)).allMatch(SimulatedSlave::isUntouched);
        assertThat(master.changes().stream().filter(change -> change.startsWith("refused")))
                .satisfiesExactly(
                        first -> assertThat(first).contains("slave 3", "1628 bytes", "its interface takes 1472"),
                        second ->
                                assertThat(second).contains("slave 4", "1628 bytes", "none that long has reached it"));
        lan.runUntil(master::isOver, LIMIT);
        assertComplete(master, slaves);
    }

    @Test
    void aLateSlaveWaitsForTheProofOfItsPathAndJoins() {
        SimulatedLan lan = lan(5).linkBitsPerSecond(4_000_000);
        SimulatedMaster master = master(lan, 2);
        List<SimulatedSlave> slaves = slaves(lan, 2);
        lan.runUntil(() -> master.sendPosition() > 30, LIMIT);

        slaves.add(lan.startSlave(source, LARGE_SYMBOL));
        lan.runUntil(() -> master.slaves().size() == 3, Duration.ofSeconds(2));
        lan.runUntil(master::isOver, LIMIT);

        assertComplete(master, slaves);
    }

    @Test
    void aProofThatComesAfterTheRsvpGoesIntoAReport() {
        // given
        int[] probes = {0};
        SimulatedLan lan = lan(
                6,
                (slave, isToMaster, command, datagram) ->
                        isProbe(isToMaster, command, datagram) && probes[0]++ < 4 * 3); // three of each slave's
        // when
        SimulatedMaster master = master(lan, 4);
        List<SimulatedSlave> slaves = slaves(lan, 4);
        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofMillis(1300));
        lan.runUntil(master::isOver, LIMIT);
        // then
        assertComplete(master, slaves);
        assertThat(longestData).isEqualTo(LARGE_DATAGRAM);
    }

    @Test
    void noDataIsTakenBeforeItsLengthIsKnown() {
        // given
        long[] startedNs = {Long.MAX_VALUE};
        SimulatedLan[] self = new SimulatedLan[1];
        SimulatedLan lan = lan(7, (slave, isToMaster, command, datagram) -> {
            if (command.isData() && startedNs[0] == Long.MAX_VALUE) {
                startedNs[0] = self[0].nowNs();
            }
            return command == CommandType.DRIVE_GEOMETRY
                    && startedNs[0] != Long.MAX_VALUE
                    && self[0].nowNs() - startedNs[0] < 300_000_000;
        });
        self[0] = lan.reorderingMs(3).linkBitsPerSecond(20_000_000);
        // when
        SimulatedMaster master = master(lan, 3);
        List<SimulatedSlave> slaves = slaves(lan, 3);
        lan.runUntil(master::isOver, LIMIT);
        // then
        assertComplete(master, slaves);
        assertThat(longestData).isEqualTo(LARGE_DATAGRAM);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void transfersCompleteWhateverProbesAreLost(long seed) {
        // given
        SimulatedLan[] self = new SimulatedLan[1];
        SimulatedLan lan = lan(
                seed,
                (slave, isToMaster, command, datagram) ->
                        isProbe(isToMaster, command, datagram) && self[0].random.nextDouble() < 0.6);
        self[0] = lan.loss(0.02).reorderingMs(2).linkBitsPerSecond(10_000_000);
        SimulatedMaster master = master(lan, 6);
        List<SimulatedSlave> slaves = slaves(lan, 6);
        if (lan.random.nextBoolean()) {
            narrow.add(slaves.get(1));
        }
        // when
        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofSeconds(15));
        lan.runUntil(master::isOver, LIMIT);
        // then
        assertComplete(master, slaves);
        assertThat(longestData).isLessThanOrEqualTo(narrow.isEmpty() ? LARGE_DATAGRAM : NARROW_BYTES);
        assertThat(lostData).isZero();
    }

    @Test
    void withoutLongDatagramsAnnouncementsAreNeverPadded() {
        int[] longest = {0};
        SimulatedLan lan = lan(8, (slave, isToMaster, command, datagram) -> {
            longest[0] = command == CommandType.DRIVE_GEOMETRY ? Math.max(longest[0], datagram.length) : longest[0];
            return false;
        });
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = slaves(lan, 2);

        lan.runUntil(master::isOver, LIMIT);

        assertComplete(master, slaves);
        assertThat(longest[0]).isBetween(100, 300);
    }

    private static boolean isProbe(boolean isToMaster, CommandType command, byte[] datagram) {
        return !isToMaster && command == CommandType.DRIVE_GEOMETRY && datagram.length > NARROW_BYTES;
    }
}
