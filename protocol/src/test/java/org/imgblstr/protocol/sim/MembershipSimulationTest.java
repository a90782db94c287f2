package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joining, leaving and everything between when the wire or a program fails at the worst moment: docs/testing.md has the list. */
@Execution(ExecutionMode.CONCURRENT)
class MembershipSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static SimulatedLan slowLan(long seed) {
        return new SimulatedLan(seed).linkBitsPerSecond(20_000_000);
    }

    private static void lose(SimulatedLan lan, Set<CommandType> lost) {
        lan.losing((slave, isToMaster, command, datagram) -> lost.contains(command));
    }

    private static boolean areOver(SimulatedMaster master, List<SimulatedSlave> slaves) {
        return master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver);
    }

    @ParameterizedTest(name = "{0} lost for 5 s")
    @EnumSource(names = {"RSVP", "CONFIRM_DOWNLOAD", "DRIVE_GEOMETRY"})
    void joiningSurvivesFiveSecondsOfLossAndGivesEachSlaveOneIndex(CommandType lost) {
        SimulatedLan lan = slowLan(60).duplication(0.5);
        SimulatedSource source = SimulatedSource.random(40, 60);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        lose(lan, EnumSet.of(lost));
        lan.after(Duration.ofSeconds(5), () -> lan.losing(null));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);

        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(master.slaves()).extracting(SlaveEntry::index).containsExactly(1, 2, 3);
    }

    @ParameterizedTest(name = "all {0} lost")
    @EnumSource(names = {"DISCONNECT", "DISCONNECT_ACKNOWLEDGE", "DONE"})
    void bothSidesEndWhateverFarewellIsLost(CommandType lost) {
        SimulatedLan lan = slowLan(61);
        SimulatedSource source = SimulatedSource.random(40, 61);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lose(lan, EnumSet.of(lost));

        lan.runUntil(() -> areOver(master, slaves), Duration.ofMinutes(2));

        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        // Only the acknowledgement is dispensable: the others leave one side in doubt, and doubt is not success.
        assertThat(master.saysComplete()).isEqualTo(lost == CommandType.DISCONNECT_ACKNOWLEDGE);
        Result expected = lost == CommandType.DONE ? Result.MASTER_LOST : Result.COMPLETE;
        assertThat(slaves).allMatch(slave -> slave.result() == expected);
    }

    @ParameterizedTest(name = "{0} %")
    @ValueSource(ints = {1, 50, 80})
    void aSlaveMayJoinAtAnyTimeOfThePass(int percent) {
        SimulatedLan lan = slowLan(62).loss(0.01);
        SimulatedSource source = SimulatedSource.random(1000, 62);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() * 100 >= percent * source.trackCount(), LIMIT);

        SimulatedSlave late = lan.startSlave(source);
        lan.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(late.hasSourcesBytes()).isTrue();
    }

    @Test
    void aSlaveThatJoinsHalfWayDelaysTheOthersByATwentiethHoweverMuchIsHeldForRepairs() {
        assertThat(secondsOfTwo(true)).isLessThan(secondsOfTwo(false) * 1.05);
    }

    private static double secondsOfTwo(boolean isThirdThere) {
        SimulatedLan lan = slowLan(68).memory(300, 1000);
        SimulatedSource source = SimulatedSource.random(4000, 68);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 0, LIMIT);
        long startNs = lan.nowNs();
        lan.runUntil(() -> master.sendPosition() > 2000, LIMIT);
        if (isThirdThere) {
            lan.startSlave(source);
        }
        lan.runUntil(() -> slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        double seconds = (lan.nowNs() - startNs) / 1e9;
        lan.runUntil(master::isOver, LIMIT);
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        return seconds;
    }

    @ParameterizedTest(name = "in {0}")
    @EnumSource(names = {"CATCH_UP", "FAREWELL"})
    void aSlaveThatJoinsAfterThePassIsServedAsLongAsAnyoneIsThere(MasterState when) {
        SimulatedLan lan = slowLan(63);
        SimulatedSource source = SimulatedSource.random(100, 63);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        // Somebody keeps the session open: its disk, or its farewell, takes a while.
        lan.losing((slave, isToMaster, command, datagram) ->
                when == MasterState.FAREWELL && slave == slaves.get(0) && command == CommandType.DISCONNECT);
        lan.runUntil(() -> master.sendPosition() > 90, LIMIT);
        if (when == MasterState.CATCH_UP) {
            slaves.get(0).pauseDisk(Duration.ofSeconds(4));
        }
        lan.runUntil(() -> master.state() == when, LIMIT);

        SimulatedSlave late = lan.startSlave(source);
        lan.runUntil(() -> late.state() == SlaveState.DOWNLOAD, LIMIT);
        lan.losing(null);
        lan.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertThat(late.result()).isEqualTo(Result.COMPLETE);
        assertThat(late.hasSourcesBytes()).isTrue();
    }

    @ParameterizedTest(name = "{0} s, slave is {1}")
    @CsvSource({"3, deaf", "3, mute", "20, deaf", "20, mute", "60, deaf", "60, mute"})
    void aSlaveThatHearsButIsNotHeardOrTheOtherWayRoundNeverEndsWithWrongBytes(int seconds, String how) {
        SimulatedLan lan = slowLan(64);
        SimulatedSource source = SimulatedSource.random(400, 64);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);
        boolean isMute = how.equals("mute");

        lan.losing((slave, isToMaster, command, datagram) -> slave == slaves.get(0) && isToMaster == isMute);
        lan.after(Duration.ofSeconds(seconds), () -> lan.losing(null));
        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertThat(slaves.subList(1, 3))
                .allMatch(slave -> slave.result() == Result.COMPLETE && slave.hasSourcesBytes());
        SimulatedSlave cut = slaves.get(0);
        assertThat(cut.result() != Result.COMPLETE || cut.hasSourcesBytes()).isTrue();
        // Who is given up after 25 s, or ends unheard before that, is not called complete.
        boolean isBackInTime = seconds == 3 || (seconds == 20 && !isMute);
        assertThat(master.saysComplete()).as(lan.toString()).isEqualTo(isBackInTime);
    }

    @Test
    void aSlaveThatHearsEverythingButDataIsSentAwayAndTheOthersComplete() {
        SimulatedLan lan = slowLan(65);
        SimulatedSource source = SimulatedSource.random(200, 65);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.losing((slave, isToMaster, command, datagram) -> slave == slaves.get(2)
                && (command == CommandType.SECTOR_DATA || command == CommandType.SECTOR_DATA_AND_FLUSH));

        lan.runUntil(() -> slaves.get(0).isOver() && slaves.get(1).isOver(), Duration.ofSeconds(15));
        lan.runUntil(() -> areOver(master, slaves), Duration.ofSeconds(90));

        assertThat(slaves.get(2).result()).isEqualTo(Result.TOO_SLOW);
        assertThat(slaves.get(0).hasSourcesBytes() && slaves.get(1).hasSourcesBytes())
                .isTrue();
    }

    @Test
    void aSlaveWhoseAcknowledgementIsLostLearnsFromTheLastWordsThatItIsOver() {
        SimulatedLan lan = slowLan(68);
        SimulatedSource source = SimulatedSource.random(40, 68);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        Set<Integer> lost = new HashSet<>();
        lan.losing((slave, isToMaster, command, datagram) -> command == CommandType.DISCONNECT_ACKNOWLEDGE
                || (command == CommandType.DONE && isDepartureOfAll(datagram) && lost.add(slaves.indexOf(slave))));

        lan.runUntil(master::isOver, LIMIT);
        lan.runUntil(() -> areOver(master, slaves), Duration.ofMillis(500));

        assertThat(lost).hasSize(3);
        assertThat(slaves).allMatch(slave -> slave.result() == Result.COMPLETE);
    }

    private static boolean isDepartureOfAll(byte[] datagram) {
        DoneFlyweight done = new DoneFlyweight().wrap(Unpooled.wrappedBuffer(datagram));
        return done.hasDeparted(1) && done.hasDeparted(2) && done.hasDeparted(3);
    }

    @Test
    void aFloodOfRsvpsFillsABoundedTableAndStopsNobody() {
        SimulatedLan lan = slowLan(66);
        SimulatedSource source = SimulatedSource.random(300, 66);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);

        for (int i = 0; i < 6000; i++) {
            int number = i;
            lan.after(Duration.ofNanos(i * 500_000L), () -> master.onDatagram(rsvp(number), foreigner(number)));
        }
        lan.runUntil(() -> areOver(master, slaves), LIMIT);

        assertThat(slaves).allMatch(slave -> slave.result() == Result.COMPLETE && slave.hasSourcesBytes());
        assertThat(master.slaves()).hasSizeLessThanOrEqualTo(4096);
    }

    @Test
    void slavesThatWereConfirmedButNeverReportedDoNotHoldThePass() {
        SimulatedLan lan = slowLan(67);
        SimulatedSource source = SimulatedSource.random(300, 67);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);

        master.onDatagram(rsvp(1), foreigner(1));
        lan.runFor(Duration.ofSeconds(1));

        // One slot is all it said to have: whoever waited for it would stand still.
        assertThat(master.sendPosition()).isGreaterThan(60);
        lan.runUntil(() -> areOver(master, slaves), LIMIT);
        assertThat(slaves).allMatch(slave -> slave.result() == Result.COMPLETE);
    }

    private static InetSocketAddress foreigner(int number) {
        return SimulatedLan.address(2000 + number, 6000);
    }

    private static ByteBuf rsvp(int number) {
        ByteBuf datagram = Unpooled.buffer(256);
        RsvpFlyweight rsvp = new RsvpFlyweight();
        rsvp.wrapForWriting(datagram, 0).session(SimulatedMaster.SESSION_LOW).sequence(1);
        rsvp.nonce(1_000_000L + number)
                .slaveId(new UUID(99, number))
                .deviceBytes(1L << 40)
                .sectorBytes(512)
                .codecs(7)
                .largestSymbol(1444)
                .windowTracks(1)
                .intent(1)
                .label("flood " + number);
        rsvp.seal();
        return datagram;
    }
}
