package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing sent and nobody waited for has a limit in every state, whatever slaves say and however the source hangs (docs/protocol.md, section 6). */
@Execution(ExecutionMode.CONCURRENT)
class EndlessSessionSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int TRACKS = 300;

    /** What a slave may say in its reports for ever, while it never has everything. */
    private enum Tale {
        COUNT_GOES_UP_AND_DOWN,
        NO_ROOM,
        VERIFYING,
        NEVER_DONE,
        COMPLETE_BY_TURNS
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aSlaveThatTellsTheSameForEverIsSentAwayAndTheOthersComplete(Tale tale) {
        SimulatedLan lan = new SimulatedLan(90).linkBitsPerSecond(100_000_000);
        SimulatedSource source = SimulatedSource.random(TRACKS, 90);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);
        int[] number = {0};
        lan.losing((slave, isToMaster, command, datagram) -> {
            if (slave == slaves.get(0) && isToMaster && command == CommandType.RESEND_REQUEST) {
                tell(datagram, tale, number[0]++);
            }
            // It never leaves either.
            return slave == slaves.get(0) && (command == CommandType.DISCONNECT || command == CommandType.DONE);
        });

        lan.runUntil(master::isOver, LIMIT);

        assertThat(slaves.get(1).result()).isEqualTo(Result.COMPLETE);
        assertThat(master.saysComplete()).isFalse();
    }

    private static void tell(byte[] datagram, Tale tale, int number) {
        ByteBuf buffer = Unpooled.wrappedBuffer(datagram);
        ResendRequestFlyweight report = new ResendRequestFlyweight().wrap(buffer);
        int turn = number % 2;
        switch (tale) {
            case COUNT_GOES_UP_AND_DOWN -> report.tracksDone(turn).status(0);
            case NO_ROOM -> report.tracksDone(5).status(ResendRequestFlyweight.HOLD);
            case VERIFYING ->
                report.tracksDone(5).status(ResendRequestFlyweight.VERIFYING).diskRateKib(0);
            case NEVER_DONE -> report.tracksDone(5).status(0);
            case COMPLETE_BY_TURNS ->
                report.tracksDone(5).status(turn == 0 ? ResendRequestFlyweight.NOTHING_MISSING : 0);
        }
        SimulatedLan.sealAgain(datagram);
    }

    /** By a forged Skip: nobody needs the rest of the pass, and the master must not wait for anybody who does. */
    @ParameterizedTest(name = "{0} slaves")
    @ValueSource(ints = {1, 3})
    void whenAllAreCompleteWhileThePassRunsItComesToItsEnd(int count) {
        SimulatedLan lan = new SimulatedLan(91).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(TRACKS, 91);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(count));
        List<SimulatedSlave> slaves = lan.startSlaves(count, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        slaves.forEach(slave -> slave.onDatagram(skipOfAll(), master.address()));
        lan.runUntil(() -> master.slaves().stream().allMatch(SlaveEntry::isComplete), LIMIT);
        assertThat(master.sendPosition()).isLessThan(TRACKS);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), Duration.ofMinutes(1));

        assertThat(slaves).allMatch(slave -> slave.result() == Result.VERIFY_FAILED);
        assertThat(master.saysComplete()).isFalse();
    }

    private static ByteBuf skipOfAll() {
        ByteBuf datagram = Unpooled.buffer(256);
        SkipTrackFlyweight skip = new SkipTrackFlyweight();
        skip.wrapForWriting(datagram, 0).session(SimulatedMaster.SESSION_LOW);
        skip.add(0, TRACKS, TrackKind.UNUSED);
        skip.sequence(1_000_000);
        return datagram.writerIndex(skip.seal());
    }

    /** A drive that retries, an image file that blocks: who has all that was sent is not to blame. */
    @Test
    void aSourceThatHangsForMinutesCostsNoSlave() {
        SimulatedLan lan = new SimulatedLan(92).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(TRACKS, 92);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);
        master.sourceHangs(true);
        lan.runFor(Duration.ofMinutes(5));
        master.sourceHangs(false);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
    }

    @Test
    void aSourceThatHangsForEverEndsTheSession() {
        SimulatedLan lan = new SimulatedLan(93).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(TRACKS, 93);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);
        master.sourceHangs(true);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(slaves).allMatch(slave -> slave.result() == Result.MASTER_ABORTED);
    }
}
