package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;
import org.junit.jupiter.api.Test;

/** A thousand slaves that are switched on together: the limits of the handshake keep none of them out, and it is over soon. */
class SealedRoomTest {
    private static final int SLAVES = 1_000;

    @Test
    void aThousandSlavesProveThemselvesAndJoin() {
        Primitives real = Primitives.best();
        Primitives counted = new Primitives(
                "tags are counted only",
                key -> new CountedTags(),
                real.agreement(),
                new NoSigning(),
                real.hashing(),
                real.memoryHard());
        SimulatedLan lan =
                new SimulatedLan(1).sealed(SimulatedSeal.of(1, counted)).loss(0.01);
        SimulatedSource source = SimulatedSource.mixed(2, 1, TrackKind.ZERO);
        int[] cookies = new int[1];
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isCookie = command == CommandType.CONFIRM_DOWNLOAD && datagram.length == 64;
            cookies[0] += isCookie ? 1 : 0;
            return false;
        });
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(SLAVES));
        List<SimulatedSlave> slaves = lan.startSlaves(SLAVES, source);

        lan.runUntil(() -> master.slaves().size() == SLAVES, Duration.ofSeconds(15));
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), Duration.ofMinutes(3));

        assertThat(master.saysComplete()).isTrue();
        assertThat(cookies[0]).as("under load the master asks for cookies").isGreaterThan(SLAVES / 2);
        assertThat(master.sealed().counts().badTag()).isZero();
    }

    /** A tag says only that it is one: what a thousand slaves would take to decrypt everything is not what is tested here. */
    private static final class CountedTags implements Aead {
        private static final long TAG = 0x7461_6773_2063_6f75L;

        @Override
        public void seal(ByteBuffer buffer, int nonceAt, int at, int length) {
            buffer.putLong(at + length, TAG).putLong(at + length + Long.BYTES, buffer.getLong(nonceAt));
        }

        @Override
        public boolean open(ByteBuffer buffer, int nonceAt, int at, int length) {
            return buffer.getLong(at + length) == TAG
                    && buffer.getLong(at + length + Long.BYTES) == buffer.getLong(nonceAt);
        }

        @Override
        public void close() {}
    }

    /** Signatures take 0.2 ms, a thousand times for each announcement. */
    private static final class NoSigning implements Signing {
        private final Signing real = Primitives.best().signing();

        @Override
        public byte[] publicKey(SecretBytes seed) {
            return real.publicKey(seed);
        }

        @Override
        public byte[] sign(SecretBytes seed, byte[] message) {
            return new byte[SIGNATURE_BYTES];
        }

        @Override
        public boolean isSigned(byte[] publicKey, byte[] message, byte[] signature) {
            return true;
        }
    }
}
