package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths that carry less than both their ends: what each carries is found before the start, and used. */
@Execution(ExecutionMode.CONCURRENT)
class NarrowPathSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** No track of the source needs longer datagrams. */
    private static final int LONGEST_TRACK_MTU = 8272;

    private final SimulatedSource source = SimulatedSource.random(200, 5);
    private final Map<SimulatedSlave, Integer> mtus = new HashMap<>();
    private final AtomicInteger longestData = new AtomicInteger();
    private final AtomicInteger lostData = new AtomicInteger();

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.range(0, 6), LongStream.of(System.nanoTime()))
                .boxed();
    }

    private SimulatedLan lan(long seed) {
        return new SimulatedLan(seed).listening().losing((slave, isToMaster, command, datagram) -> {
            boolean isTooLong = Datagram.mtuOf(datagram.length) > mtus.getOrDefault(slave, 9000);
            if (command.isData()) {
                longestData.accumulateAndGet(datagram.length, Math::max);
            }
            boolean mayBeLong = command.isData() || command == CommandType.DRIVE_GEOMETRY;
            assertThat(mayBeLong || datagram.length <= Datagram.CONTROL_BYTES)
                    .as(command.toString())
                    .isTrue();
            lostData.addAndGet(isTooLong && command.isData() ? 1 : 0);
            return isTooLong;
        });
    }

    private SimulatedMaster master(SimulatedLan lan, int slaves, int mtu) {
        return lan.startMaster(source, settings -> settings.slaves(slaves)
                .leastSymbol(Datagram.NARROWEST_SYMBOL_BYTES)
                .largestSymbol(Datagram.symbolBytes(mtu)));
    }

    @ParameterizedTest(name = "both ends {0}, the path to one slave {1}: {2}")
    @CsvSource({
        "1500, 1492, 1492",
        "1500, 1450, 1450",
        "1500, 1420, 1420",
        "1500, 1400, 1400",
        "1500, 1399, 1380",
        "1500, 1280, 1280",
        "9000, 8100, 8000",
        "9000, 1500, 1500",
        "9000, 1450, 1450",
        "9000, 1300, 1280",
        "1400, 1300, 1280"
    })
    void whatEveryPathCarriesIsUsed(int ends, int path, int used) {
        SimulatedLan lan = lan(1);
        SimulatedMaster master = master(lan, 3, ends);
        SimulatedSlave first = lan.startSlave(source, Datagram.symbolBytes(ends));
        SimulatedSlave narrow = lan.startSlave(source, Datagram.symbolBytes(ends));
        SimulatedSlave third = lan.startSlave(source, Datagram.symbolBytes(ends));
        mtus.put(narrow, path);

        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofMillis(1_900));
        lan.runUntil(() -> master.isOver() && first.isOver() && narrow.isOver() && third.isOver(), LIMIT);

        assertThat(master.saysComplete()).as(master.toString()).isTrue();
        assertThat(narrow.hasSourcesBytes()).isTrue();
        assertThat(Datagram.mtuOf(longestData.get())).isEqualTo(used);
        assertThat(lostData.get()).isZero();
        assertThat(master.changes())
                .filteredOn(change -> change.contains("set the MTU"))
                .singleElement()
                .asString()
                .contains(
                        "hears no datagrams longer than " + (used - 28)
                                + " bytes, so the session uses those instead of " + (ends - 28),
                        "every switch port and tunnel in between to " + ends);
    }

    @ParameterizedTest(name = "both ends {0}")
    @CsvSource({"1500", "9000"})
    void nothingIsWaitedForWhereNothingIsNarrow(int ends) {
        SimulatedLan lan = lan(2);
        SimulatedMaster master = master(lan, 2, ends);
        lan.startSlave(source, Datagram.symbolBytes(ends));
        lan.startSlave(source, Datagram.symbolBytes(ends));
        lan.runUntil(() -> master.slaves().size() == 2, LIMIT);

        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, Duration.ofMillis(50));
        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).isTrue();
        assertThat(Datagram.mtuOf(longestData.get())).isEqualTo(Math.min(ends, LONGEST_TRACK_MTU));
        assertThat(master.changes()).noneMatch(change -> change.contains("MTU"));
        assertThat(lostData.get()).isZero();
    }

    @Test
    void aLateSlaveBehindANarrowerPathIsRefusedWithinTwoSeconds() {
        SimulatedLan lan = lan(3).linkBitsPerSecond(3_000_000);
        SimulatedMaster master = master(lan, 1, 1500);
        lan.startSlave(source, Datagram.symbolBytes(1500));
        lan.runUntil(() -> master.sendPosition() > 10, LIMIT);

        SimulatedSlave late = lan.startSlave(source, Datagram.symbolBytes(1500));
        mtus.put(late, 1400);
        lan.runUntil(() -> !master.refused().isEmpty(), Duration.ofMillis(2_200));
        lan.runUntil(late::isOver, LIMIT);
        lan.runUntil(master::isOver, LIMIT);

        assertThat(late.result()).isEqualTo(Result.DOES_NOT_FIT);
        assertThat(late.isUntouched()).isTrue();
        assertThat(late.message()).contains("1472 bytes", "every switch port in between to 1500");
        assertThat(master.refused()).singleElement().satisfies(refused -> assertThat(refused.reason())
                .contains("1472 bytes", "set the MTU of every switch port in between to 1500"));
        assertThat(master.saysComplete()).isTrue();
    }

    @Test
    void aLateSlaveOfAWidePathLosesNoTime() {
        SimulatedLan lan = lan(4).linkBitsPerSecond(3_000_000);
        SimulatedMaster master = master(lan, 1, 1500);
        lan.startSlave(source, Datagram.symbolBytes(1500));
        lan.runUntil(() -> master.sendPosition() > 10, LIMIT);

        SimulatedSlave late = lan.startSlave(source, Datagram.symbolBytes(1500));
        lan.runUntil(() -> master.slaves().size() == 2, Duration.ofMillis(1_200));
        lan.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertThat(master.saysComplete()).isTrue();
        assertThat(late.hasSourcesBytes()).isTrue();
    }

    @Test
    void aPathBelowTheLeastIsNamed() {
        SimulatedLan lan = lan(5);
        SimulatedMaster master = master(lan, 1, 1500);
        mtus.put(lan.startSlave(source, Datagram.symbolBytes(1500)), 1000);

        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, LIMIT);

        assertThat(master.changes())
                .anyMatch(change -> change.contains(
                        "hears not even datagrams of 1252 bytes, the shortest that a session uses; set the MTU of every switch port"
                                + " and tunnel in between to 1280"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void roomsOfManyPathsComplete(long seed) {
        SimulatedLan lan = lan(seed).loss(0.03).reorderingMs(2);
        SimulatedMaster master = master(lan, 5, lan.random.nextBoolean() ? 9000 : 1500);
        for (int i = 0; i < 5; i++) {
            SimulatedSlave slave = lan.startSlave(source, Datagram.symbolBytes(9000));
            mtus.put(slave, 1280 + lan.random.nextInt(8_000));
        }

        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).as(master.toString()).isTrue();
        assertThat(mtus.keySet()).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(lostData.get()).isZero();
    }
}
