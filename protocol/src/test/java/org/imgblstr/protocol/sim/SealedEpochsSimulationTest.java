package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New group keys: when they begin, who gets them, and that whoever is out of a session reads nothing more of it. */
@Execution(ExecutionMode.CONCURRENT)
class SealedEpochsSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration READABLE = Duration.ofMillis(500);

    /** Index of no slave. */
    private static final int NOBODY = 60_000;

    private final SimulatedSource source = SimulatedSource.random(600, 1);

    private static SimulatedLan lan(long seed) {
        return new SimulatedLan(seed).sealed(SimulatedSeal.of(seed)).linkBitsPerSecond(10_000_000);
    }

    private static void assertComplete(List<SimulatedSlave> slaves) {
        assertThat(slaves).allSatisfy(slave -> {
            assertThat(slave.result()).as(slave.toString()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
        });
    }

    private static void runToEnd(SimulatedLan lan, SimulatedMaster master, List<SimulatedSlave> slaves) {
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
    }

    private static SlaveEntry entry(SimulatedMaster master, SimulatedSlave slave) {
        return master.slaves().stream()
                .filter(each -> each.nonce() == slave.nonce())
                .findFirst()
                .orElseThrow();
    }

    /** It obeys somebody else: no Done ends it, and its door goes on with the keys that it has. */
    private static void ignoresDone(SimulatedLan lan, SimulatedSlave insider) {
        lan.losing((slave, isToMaster, command, datagram) ->
                slave == insider && !isToMaster && command == CommandType.DONE);
    }

    /** It is out since now: what it may still open has been sent within half a second, however long it listens. */
    private static long openedAtLast(SimulatedLan lan, SimulatedSlave insider) {
        lan.runFor(READABLE);
        return insider.opened();
    }

    @Test
    void everyConfirmThatIsLostIsMadeUpFor() {
        int confirms = confirmsOfASessionThatLoses(-1);

        assertThat(confirms).as("two at the beginning, and at each new key").isGreaterThan(12);
        for (int lost = 0; lost < confirms; lost++) {
            assertThat(confirmsOfASessionThatLoses(lost))
                    .as("Confirm %d was lost, and others came", lost)
                    .isGreaterThan(lost);
        }
    }

    /** Three slaves, a new key each 400 datagrams, and one of them is kicked half way. Returns how many Confirms were sent. */
    private int confirmsOfASessionThatLoses(int number) {
        SimulatedLan lan = lan(1);
        SimulatedSource small = SimulatedSource.random(60, 1);
        AtomicInteger confirms = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) ->
                command == CommandType.CONFIRM_DOWNLOAD && confirms.getAndIncrement() == number);
        SimulatedMaster master =
                lan.startMaster(small, settings -> settings.slaves(3).epochDatagrams(400));
        List<SimulatedSlave> slaves = lan.startSlaves(3, small);
        lan.runUntil(() -> master.sendPosition() > 30, LIMIT);
        master.kick(entry(master, slaves.get(2)));

        runToEnd(lan, master, slaves);

        assertComplete(slaves.subList(0, 2));
        assertThat(slaves.get(2).result()).isEqualTo(Result.KICKED);
        return confirms.get();
    }

    @Test
    void aCounterThatBeginsNearItsEndIsLeftInTime() {
        SimulatedLan lan = lan(2);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(1).firstKeyWornOut(1_000));
        List<SimulatedSlave> slaves = lan.startSlaves(1, source);

        lan.runUntil(() -> master.sendPosition() > 30, LIMIT);
        assertThat(master.sealed().epoch()).isEqualTo(1);
        runToEnd(lan, master, slaves);

        assertThat(master.sealed().epoch()).isEqualTo(2);
        assertComplete(slaves);
    }

    @Test
    void whoIsKickedOpensNothingThatIsSentHalfASecondLaterAndTheOthersLoseNothing() {
        SimulatedLan lan = lan(3);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        SimulatedSlave insider = slaves.get(1);
        ignoresDone(lan, insider);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);

        long before = insider.opened();
        master.kick(entry(master, insider));
        long opened = openedAtLast(lan, insider);
        int sentThen = master.sendPosition();
        runToEnd(lan, master, List.of(slaves.get(0), slaves.get(2)));
        lan.runUntil(insider::isOver, LIMIT);

        assertThat(opened).as("it could read until the new key").isGreaterThan(before);
        assertThat(sentThen).as("much is sent later").isLessThan(400);
        assertThat(insider.opened()).isEqualTo(opened);
        assertThat(insider.doneTracks()).isLessThan(400);
        assertComplete(List.of(slaves.get(0), slaves.get(2)));
        assertThat(master.slaves())
                .filteredOn(slave -> slave.nonce() != insider.nonce())
                .allSatisfy(
                        slave -> assertThat(slave.counters().lostDatagrams()).isZero());
    }

    @Test
    void whoIsKickedBeforeTheStartOpensNothingOfTheSession() {
        SimulatedLan lan = lan(4);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        SimulatedSlave insider = slaves.get(0);
        ignoresDone(lan, insider);
        lan.runUntil(() -> master.slaves().stream().filter(SlaveEntry::isReady).count() == 2, LIMIT);

        master.kick(entry(master, insider));
        long opened = openedAtLast(lan, insider);
        master.begin();
        runToEnd(lan, master, List.of(slaves.get(1)));

        assertThat(insider.opened()).isEqualTo(opened);
        assertThat(insider.doneTracks()).isZero();
        assertComplete(List.of(slaves.get(1)));
    }

    @Test
    void severalThatAreKickedWithinAQuarterOfASecondCostOneKey() {
        SimulatedLan lan = lan(5);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(5));
        List<SimulatedSlave> slaves = lan.startSlaves(5, source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);

        for (SimulatedSlave each : slaves.subList(0, 3)) {
            master.kick(entry(master, each));
            lan.runFor(Duration.ofMillis(80));
        }
        assertThat(master.sealed().epoch()).isEqualTo(2);
        lan.runFor(Duration.ofMillis(20));
        assertThat(master.sealed().epoch()).isEqualTo(3);
        lan.runFor(Duration.ofSeconds(1));
        assertThat(master.sealed().epoch()).isEqualTo(3);
        master.kick(entry(master, slaves.get(3)));
        runToEnd(lan, master, slaves);

        assertThat(master.sealed().epoch()).isEqualTo(4);
        assertComplete(slaves.subList(4, 5));
    }

    @Test
    void aPausedSessionChangesItsKeyToo() {
        SimulatedLan lan = lan(6);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        ignoresDone(lan, slaves.get(0));
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        master.pause();
        lan.runFor(Duration.ofSeconds(2));

        master.kick(entry(master, slaves.get(0)));
        long opened = openedAtLast(lan, slaves.get(0));
        assertThat(master.sealed().epoch()).isEqualTo(3);
        lan.runFor(Duration.ofSeconds(5));
        master.resume();
        runToEnd(lan, master, slaves.subList(1, 2));

        assertThat(slaves.get(0).opened()).isEqualTo(opened);
        assertComplete(slaves.subList(1, 2));
    }

    @Test
    void whoIsDroppedAsTooSlowGetsNoKeyAnyMore() {
        SimulatedLan lan = lan(7).linkBitsPerSecond(100_000_000);
        SimulatedSource large = SimulatedSource.random(3_000, 7);
        SimulatedMaster master =
                lan.startMaster(large, settings -> settings.slaves(3).slow(SlowPolicy.DROP));
        List<SimulatedSlave> slaves = lan.startSlaves(3, large);
        SimulatedSlave slow = slaves.get(2).diskRate(100_000);
        ignoresDone(lan, slow);
        lan.runUntil(() -> master.slaves().stream().anyMatch(SlaveEntry::isEnded), LIMIT);
        assertThat(entry(master, slow).result()).isEqualTo(Result.TOO_SLOW);

        long opened = openedAtLast(lan, slow);
        assertThat(master.sendPosition()).isLessThan(large.trackCount());
        runToEnd(lan, master, slaves.subList(0, 2));

        assertThat(master.sealed().epoch()).isEqualTo(3);
        assertThat(slow.opened()).isEqualTo(opened);
        assertComplete(slaves.subList(0, 2));
    }

    @Test
    void whoWasGivenUpAndComesBackIsToldSoAndOpensNothing() {
        SimulatedLan lan = lan(8).linkBitsPerSecond(1_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        SimulatedSlave away = slaves.get(0);
        away.cutOff(true);
        lan.runUntil(
                () -> master.changes().contains("ended 1") || master.changes().contains("ended 2"), LIMIT);
        long opened = openedAtLast(lan, away);
        // What was sent before lies in the socket of the master for half a second.
        lan.runFor(Duration.ofSeconds(1));

        int done = away.doneTracks();
        AtomicInteger forItself = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isOwn = command == CommandType.DONE || command == CommandType.DISCONNECT_ACKNOWLEDGE;
            forItself.addAndGet(slave == away && !isToMaster && isOwn ? 1 : 0);
            return false;
        });
        away.cutOff(false);
        lan.runUntil(away::isOver, Duration.ofSeconds(4));
        runToEnd(lan, master, slaves);

        assertThat(away.result()).isEqualTo(Result.TOO_SLOW);
        assertThat(away.opened() - opened)
                .as("Done for itself, three times for each report, and what answers its Disconnect")
                .isBetween(1L, (long) forItself.get());
        assertThat(away.doneTracks()).isEqualTo(done);
        assertThat(master.sealed().epoch()).isEqualTo(3);
        assertComplete(slaves.subList(1, 2));
    }

    @ParameterizedTest(name = "after {0} ms")
    @ValueSource(longs = {50, 3_000})
    void whoStartsAgainTakesItsPlaceOnceItsEarlierLifeIsSilent(long deadMs) {
        SimulatedLan lan = lan(9).linkBitsPerSecond(3_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        SimulatedSlave again = slaves.get(0);
        long earlier = again.nonce();
        again.kill();
        long diedNs = lan.nowNs();
        lan.runFor(Duration.ofMillis(deadMs));
        again.start();

        lan.runUntil(() -> master.slaves().stream().noneMatch(slave -> slave.nonce() == earlier), LIMIT);
        long replacedAfterNs = lan.nowNs() - diedNs;
        runToEnd(lan, master, slaves);

        assertThat(replacedAfterNs)
                .isGreaterThan(1_200_000_000L)
                .isLessThan((Math.max(1_500, deadMs) + 1_500) * 1_000_000);
        assertThat(master.sealed().epoch()).isEqualTo(3);
        assertThat(master.saysComplete()).as(master.toString()).isTrue();
        assertComplete(slaves);
    }

    @Test
    void whoSaysThatItIsAnotherDoesNotTakeItsPlace() {
        SimulatedLan lan = lan(10);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        SimulatedSlave insider = lan.startSlave(source);
        insider.kill();
        insider.claims(slaves.get(0)).start();

        runToEnd(lan, master, List.of(slaves.get(0), slaves.get(1), insider));

        assertThat(master.changes())
                .noneMatch(change -> change.contains("started anew"))
                .anyMatch(change -> change.contains("says that it is the same machine and disk as slave "));
        assertThat(master.slaves()).hasSize(3);
        assertThat(master.sealed().epoch()).isEqualTo(2);
        assertComplete(slaves);
    }

    @Test
    void whoSendsMoreThanAnySlaveWouldIsHeardSixHundredTimesInASecond() {
        SimulatedLan lan = lan(12);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        SimulatedSlave insider = slaves.get(0);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        long heard = master.sealed().counts().opened();

        for (int i = 0; i < 4_000; i++) {
            int number = 1_000_000 + i;
            lan.after(Duration.ofNanos(500_000L * i), () -> insider.says(report(insider, number)));
        }
        lan.runFor(Duration.ofSeconds(2));
        long limited = master.sealed().counts().limited();
        long opened = master.sealed().counts().opened() - heard;
        runToEnd(lan, master, List.of(slaves.get(1)));

        assertThat(limited).isBetween(2_000L, 2_900L);
        assertThat(opened)
                .as("600 at once, 600 in each second, and what the other says")
                .isBetween(1_700L, 3_200L);
        assertComplete(List.of(slaves.get(1)));
    }

    /** Sealed by the insider, but of no slave, so that nothing comes of it. */
    private static ByteBuf report(SimulatedSlave insider, int number) {
        ByteBuf open = insider.allocate(Datagram.CONTROL_BYTES);
        new ResendRequestFlyweight()
                .wrapForWriting(open, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(number)
                .slave(NOBODY)
                .nonce(insider.nonce())
                .seal();
        return open;
    }

    @Test
    void inAnOpenSessionALaterLifeTakesItsPlaceAtOnce() {
        SimulatedLan lan = new SimulatedLan(11).sealed(null).linkBitsPerSecond(3_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        slave.kill();
        long diedNs = lan.nowNs();
        slave.start();

        lan.runUntil(() -> master.changes().stream().anyMatch(change -> change.contains("started anew")), LIMIT);

        assertThat(lan.nowNs() - diedNs).isLessThan(1_000_000_000L);
        assertThat(master.state()).isEqualTo(MasterState.SEND_ALL_TRACKS);
    }
}
