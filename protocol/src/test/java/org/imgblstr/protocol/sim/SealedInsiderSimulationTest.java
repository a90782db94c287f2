package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slave that holds the group key forges what a master says: nobody ends as complete over other bytes, and the operator is told. */
@Execution(ExecutionMode.CONCURRENT)
class SealedInsiderSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int TRACKS = 200;

    private SimulatedLan lan;
    private SimulatedSource source;
    private SimulatedMaster master;
    private SimulatedSlave insider;
    private final List<SimulatedSlave> honest = new ArrayList<>();
    private int forgeries;

    private void session(long seed) {
        lan = new SimulatedLan(seed).sealed(SimulatedSeal.of(seed)).linkBitsPerSecond(20_000_000);
        source = SimulatedSource.mixed(TRACKS, seed, TrackKind.DATA, TrackKind.ZERO, TrackKind.PARTIAL);
        master = lan.startMaster(source, settings -> settings.slaves(3));
        master.mayRepeat();
        for (int i = 0; i < 2; i++) {
            honest.add(lan.startSlave(source).mayRepeat());
        }
    }

    /** {@code everyNth}: datagram that comes by is answered with a forgery, up to {@code most}, and none after {@code time}. */
    private void forge(long seed, int everyNth, int most, Duration time) {
        SimulatedInsider keys = new SimulatedInsider(seed);
        insider = lan.sealed(keys.seal()).startSlave(source).mayRepeat();
        SplittableRandom random = new SplittableRandom(seed);
        long endNs = lan.nowNs() + time.toNanos();
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isHeard = slave == insider && !isToMaster && command.isData();
            if (isHeard) {
                keys.hear(datagram);
            }
            if (isHeard && keys.isReady() && random.nextInt(everyNth) == 0 && forgeries < most && lan.nowNs() < endNs) {
                forgeries++;
                forgery(keys, random).forEach(this::send);
            }
            return false;
        });
    }

    private List<byte[]> forgery(SimulatedInsider keys, SplittableRandom random) {
        int track = random.nextInt(TRACKS);
        int raw = source.image.space().rawBytes(track);
        return switch (random.nextInt(6)) {
            case 0 -> List.of(keys.skip(track, 1 + random.nextInt(Math.min(4, TRACKS - track)), TrackKind.ZERO));
            case 1 -> List.of(keys.skip(track, 1, TrackKind.UNREADABLE));
            case 2 -> List.of(keys.done(DoneFlyweight.COMPLETE + random.nextInt(5), TRACKS));
            default -> keys.track(track, raw);
        };
    }

    private void send(byte[] datagram) {
        send(datagram, SimulatedLan.MASTER);
    }

    private void send(byte[] datagram, InetSocketAddress from) {
        for (SimulatedSlave slave : honest) {
            lan.after(Duration.ofNanos(50_000), () -> slave.onDatagram(Unpooled.wrappedBuffer(datagram), from));
        }
    }

    private boolean areOver() {
        return master.isOver() && insider.isOver() && honest.stream().allMatch(SimulatedSlave::isOver);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsForgedIsRefusedAndAskedForAgainAndTheOperatorIsTold(long seed) {
        session(seed);
        forge(seed, 20, 120, Duration.ofMinutes(1));

        lan.runUntil(this::areOver, LIMIT);

        assertThat(forgeries).isGreaterThan(60);
        assertThat(honest).allSatisfy(slave -> {
            assertThat(slave.hasSourcesBytes()).as(slave.toString()).isTrue();
            assertThat(slave.message()).doesNotContain("manifest").doesNotContain("refused");
        });
        // The source has partial tracks, so nobody is complete; but everybody has all of it.
        assertThat(honest).allMatch(slave -> slave.result() == Result.INCOMPLETE);
        assertThat(honest.get(0).message()).contains(source.unreadableSectors() + " sectors");
        assertThat(master.changes()).anyMatch(told -> told.contains("got tracks that this master did not send"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6})
    void howeverMuchIsForgedNobodySaysCompleteOverOtherBytes(long seed) {
        session(seed);
        forge(seed, 2, Integer.MAX_VALUE, Duration.ofSeconds(20));

        lan.runUntil(this::areOver, LIMIT);

        assertThat(forgeries).isGreaterThan(300);
        for (SimulatedSlave slave : honest) {
            SlaveEntry entry = master.slaves().stream()
                    .filter(each -> each.nonce() == slave.nonce())
                    .findFirst()
                    .orElseThrow();
            boolean saysAll = slave.result() == Result.COMPLETE || slave.result() == Result.INCOMPLETE;
            assertThat(slave.hasSourcesBytes() || !saysAll).as(slave.toString()).isTrue();
            assertThat(slave.hasSourcesBytes() || entry.result() != Result.COMPLETE)
                    .as(slave.toString())
                    .isTrue();
        }
        assertThat(master.changes()).anyMatch(told -> told.contains("got tracks that this master did not send"));
    }

    @Test
    void whereTheMasterIsAndWhetherThePassHasEndedIsNotForItToSay() {
        session(9);
        SimulatedInsider keys = new SimulatedInsider(9);
        insider = lan.sealed(keys.seal()).startSlave(source).mayRepeat();
        InetSocketAddress itsOwn = SimulatedLan.address(66, 4000);
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isHeard = slave == insider && !isToMaster && master.isUnderWay();
            boolean isState = command == CommandType.DRIVE_GEOMETRY
                    && SealedLayout.keyOf(Unpooled.wrappedBuffer(datagram), 0) == SealedLayout.Key.GROUP;
            byte[] forged = isHeard && isState ? keys.geometry(datagram, itsOwn) : null;
            if (forged != null) {
                forgeries++;
                send(forged, itsOwn);
            } else if (isHeard && command.isData()) {
                keys.hear(datagram);
                if (keys.isReady() && forgeries < 20) {
                    send(keys.endOfData(TRACKS), SimulatedLan.MASTER);
                }
            }
            return false;
        });

        lan.runUntil(this::areOver, LIMIT);

        assertThat(forgeries).isPositive();
        assertThat(honest).allSatisfy(slave -> {
            assertThat(slave.hasSourcesBytes()).as(slave.toString()).isTrue();
            assertThat(slave.severals()).isEmpty();
        });
        assertThat(honest).allMatch(slave -> slave.result() == Result.INCOMPLETE);
    }

    @Test
    void whatItSaysInTheNameOfOthersIsNotAccepted() {
        session(7);
        forge(7, 1, 0, Duration.ZERO);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        SlaveEntry other = master.slaves().stream()
                .filter(each -> each.nonce() == honest.get(0).nonce())
                .findFirst()
                .orElseThrow();
        long before = master.sealed().counts().malformed();

        insider.says(disconnectOf(other));
        insider.says(requestOf(other));
        lan.runFor(Duration.ofMillis(200));

        assertThat(master.sealed().counts().malformed() - before).isEqualTo(2);
        assertThat(other.isEnded()).isFalse();
        assertThat(other.isComplete()).isFalse();
        lan.runUntil(this::areOver, LIMIT);
        assertThat(honest).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    private ByteBuf disconnectOf(SlaveEntry other) {
        ByteBuf open = insider.allocate(Datagram.CONTROL_BYTES);
        new DisconnectFlyweight()
                .wrapForWriting(open, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(1)
                .slave(other.index())
                .result(Result.COMPLETE)
                .nonce(other.nonce())
                .digest(source.digest())
                .seal();
        return open;
    }

    private ByteBuf requestOf(SlaveEntry other) {
        ByteBuf open = insider.allocate(Datagram.CONTROL_BYTES);
        new ResendRequestFlyweight()
                .wrapForWriting(open, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(1)
                .slave(other.index())
                .nonce(other.nonce())
                .status(ResendRequestFlyweight.NOTHING_MISSING)
                .goodUpTo(TRACKS)
                .tracksDone(TRACKS)
                .seal();
        return open;
    }

    @Test
    void aSourceThatDoesNotHoldWhatWasSignedEndsTheSlaveAndNotTheRoom() {
        lan = new SimulatedLan(8).sealed(SimulatedSeal.of(8)).linkBitsPerSecond(20_000_000);
        source = SimulatedSource.random(TRACKS, 8);
        master = lan.startMaster(source, settings -> settings.slaves(2).changesAt(50));
        SimulatedSlave slave = lan.startSlave(source).mayRepeat();
        SimulatedSlave other = lan.startSlave(source).mayRepeat();
        master.mayRepeat();

        lan.runUntil(() -> master.isOver() && slave.isOver() && other.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.VERIFY_FAILED);
        assertThat(other.result()).isEqualTo(Result.VERIFY_FAILED);
        assertThat(slave.message()).contains("track 50 ", "the source changed during the session");
        assertThat(lan.nowNs()).isLessThan(Duration.ofMinutes(2).toNanos());
    }
}
