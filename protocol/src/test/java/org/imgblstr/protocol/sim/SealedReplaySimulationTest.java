package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody who has recorded datagrams sends them again: of this session and of an earlier one, whole, cut, lengthened and changed. */
@Execution(ExecutionMode.CONCURRENT)
class SealedReplaySimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int TRACKS = 60;

    private record Recorded(ByteBuf bytes, boolean isToMaster, InetSocketAddress from) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatWasRecordedChangesNothing(long seed) {
        List<Recorded> earlier = new ArrayList<>();
        session(seed, 7, earlier, List.of());
        List<Recorded> ofThis = new ArrayList<>();

        // The same session id, as each simulation has it, the same slaves and the same secret: only the keys are new.
        Session attacked = session(seed, 8, ofThis, earlier);

        assertThat(earlier).hasSizeGreaterThan(1_000);
        assertThat(attacked.master.saysComplete())
                .as(attacked.master.toString())
                .isTrue();
        assertThat(attacked.slaves).allSatisfy(slave -> {
            assertThat(slave.result()).as(slave.toString()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
            assertThat(slave.mostWritesOfATrack()).isEqualTo(1);
        });
        assertThat(attacked.master.sealed().counts().replayed()).isPositive();
        assertThat(attacked.master.slaves()).as("nobody joined by a replay").hasSize(3);
        assertThat(attacked.datagrams)
                .as("nor was anything asked for or sent again because of one")
                .isLessThan(TRACKS * 26 * 3 / 2 * 3);
    }

    private record Session(SimulatedMaster master, List<SimulatedSlave> slaves, int datagrams) {}

    /** {@code keys}: of this session; {@code replayed}: is sent again, together with what this session sends. */
    private static Session session(long seed, long keys, List<Recorded> recorded, List<Recorded> replayed) {
        SimulatedLan lan = new SimulatedLan(seed).linkBitsPerSecond(100_000_000);
        SplittableRandom attacker = new SplittableRandom(seed + keys);
        SimulatedSource source = SimulatedSource.random(TRACKS, seed);
        lan.sealed(SimulatedSeal.of(seed).keys(keys));
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        int[] datagrams = new int[1];
        lan.losing((slave, isToMaster, command, datagram) -> {
            datagrams[0] += isToMaster ? 0 : 1;
            recorded.add(new Recorded(
                    Unpooled.wrappedBuffer(datagram), isToMaster, isToMaster ? slave.address() : SimulatedLan.MASTER));
            if (!replayed.isEmpty()) {
                Recorded old = replayed.get(attacker.nextInt(replayed.size()));
                Recorded recent = recorded.get(attacker.nextInt(recorded.size()));
                for (Recorded each : List.of(old, recent)) {
                    byte[] bytes = changed(ByteBufUtil.getBytes(each.bytes), attacker);
                    long atNs = lan.nowNs() + attacker.nextLong(50_000_000);
                    lan.at(atNs, () -> {
                        if (each.isToMaster) {
                            master.onDatagram(Unpooled.wrappedBuffer(bytes), each.from);
                        } else {
                            slave.onDatagram(Unpooled.wrappedBuffer(bytes), each.from);
                        }
                    });
                }
            }
            return false;
        });
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        return new Session(master, slaves, datagrams[0]);
    }

    private static byte[] changed(byte[] bytes, SplittableRandom attacker) {
        return switch (attacker.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, attacker.nextInt(bytes.length + 1));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + attacker.nextInt(20));
            case 2 -> flipped(bytes, attacker);
            default -> bytes;
        };
    }

    private static byte[] flipped(byte[] bytes, SplittableRandom attacker) {
        byte[] flipped = bytes.clone();
        flipped[attacker.nextInt(flipped.length)] ^= (byte) (1 << attacker.nextInt(8));
        return flipped;
    }
}
