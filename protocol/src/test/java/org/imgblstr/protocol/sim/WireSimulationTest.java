package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wire can do to datagrams, and what it may cost: docs/testing.md has the list. */
@Execution(ExecutionMode.CONCURRENT)
class WireSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int TRACKS = 300;

    /** Symbols of a track of random bytes here. */
    private static final int SYMBOLS = 26;

    private static final int PASS = TRACKS * SYMBOLS;

    /** Announcements, heartbeats and farewells of a short session. */
    private static final int CONTROL = 300;

    private record Room(SimulatedLan lan, SimulatedMaster master, List<SimulatedSlave> slaves) {
        static Room of(SimulatedLan lan, int slaveCount) {
            SimulatedSource source = SimulatedSource.random(TRACKS, 5);
            lan.memory(100, 100);
            SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(slaveCount));
            return new Room(lan, master, lan.startSlaves(slaveCount, source));
        }

        void runToTheEnd() {
            lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
            assertThat(master.saysComplete()).as(lan.toString()).isTrue();
            assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
            assertThat(slaves).allMatch(slave -> slave.mostWritesOfATrack() == 1);
        }
    }

    private static SimulatedLan lan(long seed) {
        return new SimulatedLan(seed).linkBitsPerSecond(100_000_000);
    }

    @Test
    void whatAllSlavesLostIsSentOnceMoreForAllOfThem() {
        Room room = Room.of(lan(70).sharedLoss(0.05), 16);
        room.runToTheEnd();
        assertThat(room.lan.datagramsToSlaves()).isLessThan(PASS * 110 / 100 + CONTROL);
    }

    @Test
    void reorderingOverTwoTracksCausesNoStorm() {
        // 26 datagrams of 1510 bytes take 3.1 ms at 100 Mbit/s
        Room room = Room.of(lan(71).reorderingMs(6.2), 8);
        room.runToTheEnd();
        assertThat(room.lan.datagramsToSlaves()).isLessThan(PASS * 150 / 100 + CONTROL);
    }

    @Test
    void duplicatesAreWrittenOnceAndAskedForNever() {
        Room room = Room.of(lan(72).duplication(1), 8);
        room.runToTheEnd();
        assertThat(room.lan.datagramsToSlaves()).isLessThan(PASS + CONTROL);
    }

    @Test
    void datagramsOfAnotherSessionOnTheSameGroupAndPortChangeNothing() {
        SimulatedLan lan = lan(73);
        Room room = Room.of(lan, 4);
        AtomicInteger foreign = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            if (!isToMaster && command != CommandType.DRIVE_GEOMETRY) {
                byte[] copy = ofAnotherSession(datagram);
                foreign.incrementAndGet();
                lan.at(lan.nowNs(), () -> slave.onDatagram(Unpooled.wrappedBuffer(copy), SimulatedLan.MASTER));
            }
            return false;
        });
        room.runToTheEnd();
        assertThat(foreign.get()).isGreaterThan(PASS);
        assertThat(lan.datagramsToSlaves()).isLessThan(PASS + CONTROL);
    }

    /** The same command, whole and checked, with other content: a session that runs beside ours, or ran before it. */
    private static byte[] ofAnotherSession(byte[] datagram) {
        byte[] copy = datagram.clone();
        copy[5] ^= 0x40;
        copy[copy.length / 2] ^= 0x11;
        CRC32C crc = new CRC32C();
        crc.update(copy, 0, copy.length - 4);
        ByteBuffer.wrap(copy).putInt(copy.length - 4, (int) crc.getValue());
        return copy;
    }

    @Test
    void thePassSurvivesWithoutAnyFlush() {
        SimulatedLan lan = lan(74);
        Room room = Room.of(lan, 4);
        AtomicInteger flushes = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) ->
                command == CommandType.SECTOR_DATA_AND_FLUSH && flushes.incrementAndGet() <= TRACKS * 4);
        room.runToTheEnd();
    }

    @ParameterizedTest(name = "every {0}th End of Data arrives")
    @ValueSource(ints = {2, 7})
    void theTailIsFoundByTheNextEndOfData(int nth) {
        SimulatedLan lan = lan(75);
        Room room = Room.of(lan, 4);
        AtomicInteger ends = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isTail = command == CommandType.SECTOR_DATA_AND_FLUSH || command == CommandType.SECTOR_DATA;
            boolean isLastTrack = isTail && ByteBuffer.wrap(datagram).getInt(12) == TRACKS - 1 && ends.get() == 0;
            return isLastTrack || (command == CommandType.END_OF_DATA && ends.incrementAndGet() % nth != 0);
        });
        room.runToTheEnd();
    }

    @Test
    void sourceSymbolsGoRoundAgainWhenTheRowsAreUsedUp() {
        // At 90 % a slave needs some 260 datagrams of a track; there are 230 rows. Nobody can be patient with such a
        // path.
        SimulatedLan lan = lan(76);
        SimulatedSource source = SimulatedSource.random(10, 5);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.losing((slave, isToMaster, command, datagram) -> !isToMaster
                && (command == CommandType.SECTOR_DATA || command == CommandType.SECTOR_DATA_AND_FLUSH)
                && lan.random.nextDouble() < 0.9);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    @Test
    void aDiskThatPausesForTwentySecondsClosesTheWindowAndLosesNothing() {
        SimulatedLan lan = lan(77);
        Room room = Room.of(lan, 3);
        lan.runUntil(() -> room.master.sendPosition() > 50, LIMIT);
        room.slaves.get(1).pauseDisk(Duration.ofSeconds(20));
        room.runToTheEnd();
        assertThat(room.slaves).allMatch(slave -> slave.result() == Result.COMPLETE);
        // What came while it had no room was not sent to it in vain more than once.
        assertThat(lan.datagramsToSlaves()).isLessThan(2 * PASS + CONTROL);
    }
}
