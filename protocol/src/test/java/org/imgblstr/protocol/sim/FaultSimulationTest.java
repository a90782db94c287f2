package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One slave of eight is slow, stopped, dead, late or rebooted: what that costs the other seven, and what becomes of it. */
@Execution(ExecutionMode.CONCURRENT)
class FaultSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int TRACKS = 3000;
    private static final int LINK = 10_000_000;

    /** A session of seven good slaves and one that something happens to. */
    private static final class Room {
        final SimulatedLan lan;
        final SimulatedSource source;
        final SimulatedMaster master;
        final List<SimulatedSlave> good = new ArrayList<>();
        final SimulatedSlave odd;
        private final long startNs;

        Room(long seed, SlowPolicy policy, boolean isOddThere, long oddDiskRate) {
            lan = new SimulatedLan(seed).linkBitsPerSecond(LINK).memory(60, 60);
            source = SimulatedSource.random(TRACKS, 7);
            int wanted = isOddThere ? 8 : 7;
            master = lan.startMaster(source, settings -> settings.slaves(wanted).slow(policy));
            good.addAll(lan.startSlaves(7, source));
            odd = isOddThere ? lan.startSlave(source).diskRate(oddDiskRate) : null;
            lan.runUntil(() -> master.sendPosition() > 0, LIMIT);
            startNs = lan.nowNs();
        }

        void runTo(double shareOfPass) {
            lan.runUntil(() -> master.sendPosition() >= shareOfPass * TRACKS, LIMIT);
        }

        /** Seconds from the start of data until the seven have left. */
        double secondsOfTheGood() {
            lan.runUntil(() -> good.stream().allMatch(SimulatedSlave::isOver), LIMIT);
            assertThat(good).allMatch(slave -> slave.result() == Result.COMPLETE);
            assertThat(good).allMatch(SimulatedSlave::hasSourcesBytes);
            return (lan.nowNs() - startNs) / 1e9;
        }

        void runToTheEnd() {
            lan.runUntil(master::isOver, LIMIT);
        }
    }

    private static final double ALONE = new Room(50, SlowPolicy.LADDER, false, 0).secondsOfTheGood();
    private static final long FAST_DISK = 200_000_000;

    /** Ten percent of the link. */
    private static final long SLOW_DISK = LINK / 8 / 10;

    @Test
    void withCatchupASlowDiskCostsTheOthersATenthAndEndsVerified() {
        Room room = new Room(51, SlowPolicy.CATCHUP, true, SLOW_DISK);
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE * 1.1);
        room.runToTheEnd();
        assertThat(room.master.saysComplete()).as(room.lan.toString()).isTrue();
        assertThat(room.odd.hasSourcesBytes()).isTrue();
    }

    @Test
    void withWaitAllEndTogether() {
        Room room = new Room(52, SlowPolicy.WAIT, true, SLOW_DISK * 4);
        double seconds = room.secondsOfTheGood();
        room.lan.runUntil(room.odd::isOver, Duration.ofSeconds(2));
        assertThat(seconds).isGreaterThan(ALONE * 2);
        room.runToTheEnd();
        assertThat(room.master.saysComplete()).as(room.lan.toString()).isTrue();
        // The window slowed the master, not loss: nothing went twice.
        assertThat(room.lan.datagramsToSlaves()).isLessThan(symbolsAndControl(room.source));
    }

    @Test
    void withDropASlowDiskIsSentAwayAndNamed() {
        Room room = new Room(53, SlowPolicy.DROP, true, SLOW_DISK);
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE * 1.2);
        room.runToTheEnd();
        assertThat(room.odd.result()).isEqualTo(Result.TOO_SLOW);
        assertThat(room.master.slaves())
                .filteredOn(slave -> slave.result() == Result.TOO_SLOW)
                .extracting(SlaveEntry::label)
                .containsExactly("slave 8");
    }

    @ParameterizedTest(name = "policy {0}")
    @EnumSource(SlowPolicy.class)
    void aSlaveThatIsGoneForTwentySecondsCostsTheOthersATenthAndCompletes(SlowPolicy policy) {
        Room room = new Room(54, policy, true, FAST_DISK);
        room.runTo(0.3);
        room.odd.cutOff(true);
        room.lan.after(Duration.ofSeconds(20), () -> room.odd.cutOff(false));
        assertThat(room.secondsOfTheGood()).isLessThan(Math.max(ALONE * 1.1, ALONE + 2));
        room.runToTheEnd();
        assertThat(room.master.saysComplete()).as(room.lan.toString()).isTrue();
        assertThat(room.odd.hasSourcesBytes()).isTrue();
    }

    @ParameterizedTest(name = "policy {0}")
    @EnumSource(SlowPolicy.class)
    void aSlaveThatIsKilledDoesNotKeepTheOthersForThreeSeconds(SlowPolicy policy) {
        Room room = new Room(55, policy, true, FAST_DISK);
        room.runTo(0.5);
        room.odd.kill();
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE + 3);
        room.lan.runUntil(room.master::isOver, Duration.ofSeconds(30));
        assertThat(room.master.slaves())
                .filteredOn(SlaveEntry::isGivenUp)
                .extracting(SlaveEntry::label)
                .containsExactly("slave 8");
    }

    @Test
    void aSlaveThatIsKilledInTheCatchUpDoesNotKeepTheOthersForThreeSeconds() {
        Room room = new Room(56, SlowPolicy.LADDER, true, FAST_DISK);
        room.runTo(1);
        room.odd.kill();
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE + 3);
    }

    @Test
    void aSlaveThatJoinsHalfWayDelaysTheOthersByATwentiethAndGetsHalfAPassMore() {
        Room room = new Room(57, SlowPolicy.LADDER, false, 0);
        room.runTo(0.5);
        SimulatedSlave late = room.lan.startSlave(room.source);
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE * 1.05);
        room.lan.runUntil(() -> room.master.isOver() && late.isOver(), LIMIT);
        assertThat(room.master.saysComplete()).as(room.lan.toString()).isTrue();
        assertThat(late.hasSourcesBytes()).isTrue();
        assertThat(room.lan.datagramsToSlaves()).isLessThan(symbolsAndControl(room.source) * 155 / 100);
    }

    /** Sixteen slaves on two cores: each was held up for half of the time, all were postponed at once, and the pass stood still. */
    @ParameterizedTest(name = "policy {0}")
    @EnumSource(SlowPolicy.class)
    void slavesThatHoldEachOtherUpByTurnsAreAllWaitedFor(SlowPolicy policy) {
        SimulatedLan lan = new SimulatedLan(58).linkBitsPerSecond(LINK).memory(6, 60);
        SimulatedSource source = SimulatedSource.random(TRACKS, 7);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(4).slow(policy));
        List<SimulatedSlave> slaves = lan.startSlaves(4, source);
        for (int turn = 0; turn < 40; turn++) {
            int first = turn % 2 * 2;
            lan.after(Duration.ofMillis(600L * turn), () -> {
                slaves.get(first).pauseDisk(Duration.ofMillis(600));
                slaves.get(first + 1).pauseDisk(Duration.ofMillis(600));
            });
        }

        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(master.changes()).noneMatch(change -> change.contains("cannot keep up"));
    }

    @Test
    void aSlowSlaveIsWaitedForAgainWhenTheOthersAreGone() {
        SimulatedLan lan = new SimulatedLan(59).linkBitsPerSecond(LINK).memory(60, 60);
        SimulatedSource source = SimulatedSource.random(TRACKS, 7);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(2).slow(SlowPolicy.CATCHUP));
        SimulatedSlave fast = lan.startSlave(source);
        SimulatedSlave slow = lan.startSlave(source).diskRate(SLOW_DISK);
        lan.runUntil(() -> master.changes().stream().anyMatch(change -> change.contains("cannot keep up")), LIMIT);
        fast.kill();

        lan.runUntil(() -> master.isOver() && slow.isOver(), LIMIT);

        assertThat(slow.result()).as(lan.toString()).isEqualTo(Result.COMPLETE);
        assertThat(slow.hasSourcesBytes()).isTrue();
    }

    @Test
    void aSlaveThatReportsButHearsNothingDelaysNeitherThePassNorTheCatchUpForLong() {
        Room room = new Room(59, SlowPolicy.LADDER, true, FAST_DISK);
        room.runTo(0.4);
        SimulatedSlave late = room.lan.startSlave(room.source);
        room.runTo(0.5);
        room.odd.hearsNothing();
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE * 1.05 + 6);
        room.lan.runUntil(late::isOver, Duration.ofSeconds((long) ALONE));
        assertThat(late.result()).isEqualTo(Result.COMPLETE);
        assertThat(late.hasSourcesBytes()).isTrue();
        room.lan.runUntil(() -> room.master.isOver() && room.odd.isOver(), Duration.ofSeconds(70));
        assertThat(room.master.saysComplete()).isFalse();
    }

    @Test
    void aSlaveThatIsKilledAndStartedAgainIsSentWhatItLacked() {
        Room room = new Room(58, SlowPolicy.LADDER, true, FAST_DISK);
        room.runTo(0.7);
        double lacking = 1 - (double) room.odd.doneTracks() / TRACKS;
        room.odd.kill();
        room.lan.after(Duration.ofMillis(500), room.odd::start);
        assertThat(room.secondsOfTheGood()).isLessThan(ALONE + 3);
        room.lan.runUntil(() -> room.master.isOver() && room.odd.isOver(), LIMIT);
        assertThat(room.master.saysComplete()).as(room.lan.toString()).isTrue();
        assertThat(room.odd.hasSourcesBytes()).isTrue();
        // What goes on during the half second and the comparison comes by the pass, so what it lacked is an upper
        // limit.
        assertThat(room.lan.datagramsToSlaves())
                .isLessThan((long) (symbolsAndControl(room.source) * (1 + lacking + 0.05)));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {83, 84, 85})
    void aSlaveThatIsInterruptedAndStartedAgainCountsOnceAndTheSessionIsComplete(int seed) {
        SimulatedLan lan = new SimulatedLan(seed).linkBitsPerSecond(LINK).memory(400, 400);
        SimulatedSource source = SimulatedSource.random(400, seed);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        SimulatedSlave odd = lan.startSlaves(3, source).get(2);
        lan.runUntil(() -> master.sendPosition() >= 200, LIMIT);
        odd.interrupt();
        lan.runUntil(() -> master.slaves().stream().anyMatch(slave -> slave.result() == Result.INTERRUPTED), LIMIT);
        odd.start();
        lan.runUntil(() -> master.isOver() && odd.isOver(), LIMIT);
        assertThat(odd.hasSourcesBytes()).isTrue();
        assertThat(master.slaves()).hasSize(3).allMatch(slave -> slave.result() == Result.COMPLETE);
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
    }

    /** Asked for shortly before the pass ends, it would be sent in the catch-up although the disk has it: 185 % of a pass was measured. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {80, 81, 82})
    void aSlaveThatIsStartedAgainAsksForNoWholeTrackBeforeItHasComparedItsDisk(int seed) {
        SimulatedLan lan = new SimulatedLan(seed).linkBitsPerSecond(LINK).memory(400, 400);
        SimulatedSource source = SimulatedSource.random(400, seed);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        SimulatedSlave odd = lan.startSlaves(3, source).get(2);
        lan.runUntil(() -> master.sendPosition() >= 200, LIMIT);
        int held = odd.doneTracks();
        odd.kill();
        odd.start();
        ResendRequestFlyweight request = new ResendRequestFlyweight();
        AtomicInteger reports = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            if (slave == odd && command == CommandType.RESEND_REQUEST && odd.doneTracks() < held) {
                request.wrap(Unpooled.wrappedBuffer(datagram));
                reports.incrementAndGet();
                for (int i = 0; i < request.records(); i++) {
                    boolean isWhole = request.symbolsNeeded(i) == 0 && request.firstTrack(i) < source.trackCount();
                    asked.addAndGet(isWhole ? request.count(i) : 0);
                }
            }
            return false;
        });
        lan.runUntil(() -> master.isOver() && odd.isOver(), LIMIT);
        assertThat(odd.hasSourcesBytes()).isTrue();
        assertThat(reports).hasPositiveValue();
        assertThat(asked).hasValue(0);
        assertThat(lan.datagramsToSlaves()).isLessThan((long) (symbolsAndControl(source) * 1.55));
    }

    private static long symbolsAndControl(SimulatedSource source) {
        long symbols = 1500;
        for (int track = 0; track < source.trackCount(); track++) {
            symbols += (source.encoded(track).length + SimulatedSource.SYMBOL_BYTES - 1) / SimulatedSource.SYMBOL_BYTES;
        }
        return symbols;
    }
}
