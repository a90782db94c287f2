package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.membership.MasterEvents.MasterEnd;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.slave.SlaveState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both engines together on a simulated LAN. */
@Execution(ExecutionMode.CONCURRENT)
class TransferSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.range(0, 6), LongStream.of(System.nanoTime()))
                .boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySlaveEndsWithTheMastersBytes(long seed) {
        // given
        SimulatedLan lan = new SimulatedLan(seed)
                .loss(0.05)
                .duplication(0.01)
                .reorderingMs(1)
                .corruption(0.001);
        SimulatedSource source = SimulatedSource.mixed(120, seed);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(8));
        List<SimulatedSlave> slaves = lan.startSlaves(8, source);
        // when
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        // then
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allSatisfy(slave -> {
            assertThat(slave.result()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
            assertThat(slave.mostWritesOfATrack()).isEqualTo(1);
        });
    }

    @ParameterizedTest(name = "loss {0}, shared {1}, duplicates {2}, reordering {3} ms")
    @CsvSource({
        "0, 0, 0, 0",
        "0.0001, 0, 0, 0",
        "0.01, 0, 0, 0",
        "0.2, 0, 0, 0",
        "0, 0.05, 0, 0",
        "0, 0, 1, 0",
        "0, 0, 0, 5",
        "0.1, 0.1, 0.1, 2"
    })
    void transfersCompleteWhateverTheWireDoes(double loss, double shared, double duplication, double reorderingMs) {
        // given
        SimulatedLan lan = new SimulatedLan(11)
                .loss(loss)
                .sharedLoss(shared)
                .duplication(duplication)
                .reorderingMs(reorderingMs);
        SimulatedSource source = SimulatedSource.random(150, 11);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(5));
        List<SimulatedSlave> slaves = lan.startSlaves(5, source);
        // when
        lan.runUntil(master::isOver, LIMIT);
        // then
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    @ParameterizedTest(name = "bursts of up to {0}")
    @CsvSource({"4", "100", "4000"})
    void transfersCompleteAfterBurstsOfLoss(int datagrams) {
        // given
        SimulatedLan lan = new SimulatedLan(12).bursts(0.2 / datagrams, datagrams);
        SimulatedSource source = SimulatedSource.random(200, 12);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(4));
        List<SimulatedSlave> slaves = lan.startSlaves(4, source);
        // when
        lan.runUntil(master::isOver, LIMIT);
        // then
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    @Test
    void aDiskOfNothingButZerosIsTransferredWithoutData() {
        SimulatedLan lan = new SimulatedLan(13).loss(0.3);
        SimulatedSource source = SimulatedSource.mixed(5000, 13, TrackKind.ZERO);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);

        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes).allMatch(SimulatedSlave::isUntouched);
    }

    @Test
    void tracksThatTheMasterCouldNotReadAreReportedAndLeaveTheSlaveIncomplete() {
        SimulatedLan lan = new SimulatedLan(14).loss(0.02);
        SimulatedSource source = SimulatedSource.mixed(60, 14, TrackKind.DATA, TrackKind.UNREADABLE, TrackKind.PARTIAL);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).isFalse();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(slaves).allMatch(slave -> slave.result() == Result.INCOMPLETE);
        assertThat(slaves.get(0).message())
                .contains("zeros there: " + source.unreadableSectors() + " sectors: LBA " + source.firstUnreadable());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void noWayEndsWithSuccessWhereSectorsCouldNotBeRead(long seed) {
        // given a delta session whose slaves hold nearly all, a late one, and one that is started again
        SimulatedLan lan = new SimulatedLan(seed).loss(0.05);
        SimulatedSource source = SimulatedSource.mixed(
                80, seed, TrackKind.DATA, TrackKind.PARTIAL, TrackKind.ZERO, TrackKind.UNREADABLE);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(2).delta());
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        slaves.get(0).holdsAllBut(1000);
        // when
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        // then
        assertThat(master.saysComplete()).isFalse();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(slaves).allMatch(slave -> slave.result() == Result.INCOMPLETE);
        assertThat(slaves).allSatisfy(slave -> assertThat(slave.message())
                .contains(source.unreadableSectors() + " sectors: LBA " + source.firstUnreadable()));
    }

    @Test
    void aSlaveThatJoinsLateGetsWhatItMissed() {
        SimulatedLan lan = new SimulatedLan(16).linkBitsPerSecond(2_000_000).loss(0.01);
        SimulatedSource source = SimulatedSource.mixed(300, 16);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 150, LIMIT);

        SimulatedSlave late = lan.startSlave(source);
        lan.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(late.result()).isEqualTo(Result.COMPLETE);
        assertThat(late.hasSourcesBytes()).isTrue();
    }

    @Test
    void aKilledSlaveIsGivenUpAndNamedAndTheOthersComplete() {
        SimulatedLan lan = new SimulatedLan(17).loss(0.01).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 17);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);

        slaves.get(1).kill();
        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.end()).isEqualTo(MasterEnd.FINISHED);
        assertThat(master.saysComplete()).isFalse();
        assertThat(master.slaves())
                .filteredOn(SlaveEntry::isGivenUp)
                .extracting(SlaveEntry::label)
                .containsExactly("slave 2");
        assertThat(slaves.get(0).hasSourcesBytes() && slaves.get(2).hasSourcesBytes())
                .isTrue();
        assertThat(slaves.get(0).result()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void aSlaveThatIsKilledAndStartedAgainCompletes() {
        SimulatedLan lan = new SimulatedLan(18).loss(0.01).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 18);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 200, LIMIT);

        slaves.get(1).kill();
        lan.after(Duration.ofSeconds(1), () -> slaves.get(1).start());
        lan.runUntil(() -> master.isOver() && slaves.get(1).isOver(), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    @Test
    void aSlaveThatIsStartedAgainIsSentOnlyWhatItLacks() {
        SimulatedLan lan = new SimulatedLan(27).linkBitsPerSecond(20_000_000).memory(100, 100);
        SimulatedSource source = SimulatedSource.random(600, 27);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 420, LIMIT);
        int lacking = 600 - slaves.get(1).doneTracks();

        slaves.get(1).kill();
        lan.after(Duration.ofMillis(300), () -> slaves.get(1).start());
        lan.runUntil(() -> master.isOver() && slaves.get(1).isOver(), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        long ofOnePass = 600 * 26;
        assertThat(lan.datagramsToSlaves()).isLessThan(ofOnePass + lacking * 33L + ofOnePass / 20 + 500);
    }

    @ParameterizedTest(name = "loss {0}")
    @ValueSource(doubles = {0, 0.01, 0.1})
    void aDeltaSessionSendsOnlyWhatSlavesLack(double loss) {
        SimulatedLan lan = new SimulatedLan(28).loss(loss).memory(100, 100);
        SimulatedSource source = SimulatedSource.mixed(1500, 28);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(4).delta());
        List<SimulatedSlave> slaves = lan.startSlaves(4, source);
        slaves.forEach(slave -> slave.holdsAllBut(20));

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        // 75 tracks of at most 33 symbols lack, a third of them data; digests and control make up the rest.
        assertThat(lan.datagramsToSlaves()).isLessThan((long) (75 * 33 * (1 + 3 * loss)) + 600);
    }

    @Test
    void aSlaveThatWasCutOffForTwentySecondsCompletes() {
        SimulatedLan lan = new SimulatedLan(19).loss(0.01).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 19);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);

        slaves.get(0).cutOff(true);
        lan.after(Duration.ofSeconds(20), () -> slaves.get(0).cutOff(false));
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    @Test
    void slavesGiveUpAMasterThatIsGone() {
        SimulatedLan lan = new SimulatedLan(20).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 20);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);

        master.kill();
        lan.runUntil(() -> slaves.stream().allMatch(SimulatedSlave::isOver), Duration.ofSeconds(40));

        assertThat(slaves).allMatch(slave -> slave.result() == Result.MASTER_LOST);
    }

    @Test
    void slavesLearnThatTheMasterGaveUp() {
        SimulatedLan lan = new SimulatedLan(21).loss(0.2).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 21);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);

        master.abort(130);
        lan.runUntil(() -> slaves.stream().allMatch(SimulatedSlave::isOver), Duration.ofSeconds(1));

        assertThat(master.end()).isEqualTo(MasterEnd.ABORTED);
        assertThat(slaves).allMatch(slave -> slave.result() == Result.MASTER_ABORTED);
    }

    @Test
    void aFailingDiskEndsItsSlaveAloneWithItsError() {
        SimulatedLan lan = new SimulatedLan(22).loss(0.01);
        SimulatedSource source = SimulatedSource.random(100, 22);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        slaves.get(2).failAt(40);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).isFalse();
        assertThat(slaves.get(2).result()).isEqualTo(Result.DISK_ERROR);
        assertThat(master.slaves()).anySatisfy(slave -> {
            assertThat(slave.result()).isEqualTo(Result.DISK_ERROR);
            assertThat(slave.errno()).isEqualTo(5);
        });
        assertThat(slaves.get(0).hasSourcesBytes() && slaves.get(1).hasSourcesBytes())
                .isTrue();
    }

    @Test
    void aDiskThatReadsBackWrongNeverEndsAsComplete() {
        SimulatedLan lan = new SimulatedLan(23);
        SimulatedSource source = SimulatedSource.random(40, 23);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        SimulatedSlave good = lan.startSlave(source);
        SimulatedSlave bad = lan.startSlave(source).readBackWrong();

        lan.runUntil(() -> master.isOver() && bad.isOver(), LIMIT);

        assertThat(bad.result()).isEqualTo(Result.DISK_ERROR);
        assertThat(good.result()).isEqualTo(Result.COMPLETE);
        assertThat(master.saysComplete()).isFalse();
    }

    @ParameterizedTest(name = "it has {0} of 400 tracks")
    @ValueSource(ints = {200, 100, 398, 397, 133, 256, 64, 1})
    void aDiskThatHoldsLessThanItSaysNeverEndsAsComplete(int tracks) {
        SimulatedLan lan = new SimulatedLan(24).loss(0.01);
        SimulatedSource source = SimulatedSource.random(400, 24);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        SimulatedSlave good = lan.startSlave(source);
        SimulatedSlave bad = lan.startSlave(source).wrapsAt(tracks);

        lan.runUntil(() -> master.isOver() && bad.isOver(), LIMIT);

        assertThat(bad.hasSourcesBytes()).isFalse();
        assertThat(bad.result()).isEqualTo(Result.DISK_ERROR);
        // Where all tracks lie on one, the next one has been written by the time a track is read back.
        assertThat(bad.message())
                .contains(tracks == 1 ? "read back with checksum" : "does not keep what is written to it");
        assertThat(good.result()).isEqualTo(Result.COMPLETE);
        assertThat(master.saysComplete()).isFalse();
    }

    @Test
    void aSlaveThatRefusesIsNeverWritten() {
        SimulatedLan lan = new SimulatedLan(24);
        SimulatedSource source = SimulatedSource.random(40, 24);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.waitTime(Duration.ofSeconds(3), 1));
        SimulatedSlave refusing = lan.startSlave(source).refuse(Result.DOES_NOT_FIT);

        lan.runUntil(() -> master.isOver() && refusing.isOver(), LIMIT);

        assertThat(refusing.result()).isEqualTo(Result.DOES_NOT_FIT);
        assertThat(refusing.isUntouched()).isTrue();
        assertThat(master.end()).isEqualTo(MasterEnd.NOBODY_ANSWERED);
    }

    @Test
    void theMasterStartsAfterTheWaitWithWhoeverHasJoined() {
        SimulatedLan lan = new SimulatedLan(25);
        SimulatedSource source = SimulatedSource.random(20, 25);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.waitTime(Duration.ofSeconds(5), 2));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);

        lan.runFor(Duration.ofSeconds(4));
        assertThat(master.sendPosition()).isZero();
        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    @Test
    void slavesMayStartBeforeTheMasterAndLeaveTheLobbyAgain() {
        SimulatedLan lan = new SimulatedLan(26);
        SimulatedSource source = SimulatedSource.random(20, 26);
        SimulatedMaster master = lan.startMaster(source, settings -> settings);
        SimulatedSlave leaving = lan.startSlave(source);
        SimulatedSlave staying = lan.startSlave(source);
        lan.runUntil(() -> staying.state() == SlaveState.DOWNLOAD && leaving.state() == SlaveState.DOWNLOAD, LIMIT);

        leaving.kill();
        lan.runFor(Duration.ofSeconds(30));
        master.begin();
        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).isTrue();
        assertThat(master.slaves()).hasSize(1);
        assertThat(staying.hasSourcesBytes()).isTrue();
    }
}
