package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.sealing.SealedDatagrams.OFFSET;
import static org.imgblstr.protocol.sealing.SealedDatagrams.PRIMITIVES;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION_ID;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not exactly as somebody with the key has sealed it is dropped and counted, throws nothing and moves nothing. */
class HostileSealedTest {
    /** One of the three ways from a sealer to an opener: a sound datagram, and what opens it. */
    private record Way(String name, ByteBuf sealed, int length, Opener opener, SealCounts counts) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    private interface Opener {
        int open(ByteBuf buffer, int offset, int length);
    }

    static List<Way> ways() {
        return List.of(group(), ofMaster(), ofSlave());
    }

    private static Way group() {
        SealCounts counts = new SealCounts();
        Epochs epochs = new Epochs(SESSION_ID, PRIMITIVES);
        epochs.add(SealedDatagrams.group(1));
        GroupOpener opener = new GroupOpener(SESSION, epochs, (buffer, offset, length) -> true, counts);
        ByteBuf datagram = SealedDatagrams.toGroup(7);
        int length = SealedDatagrams.dataSealer(1, 0).seal(datagram, OFFSET, SealedDatagrams.length(datagram));
        return new Way("group", datagram, length, (b, o, l) -> opener.open(b, o, l, 0), counts);
    }

    private static Way ofMaster() {
        SealCounts counts = new SealCounts();
        ByteBuf datagram = SealedDatagrams.toSlave();
        int length = PairSealer.ofMaster(SealedDatagrams.key(5), PRIMITIVES)
                .seal(datagram, OFFSET, SealedDatagrams.length(datagram));
        PairOpener opener = PairOpener.ofMaster(SealedDatagrams.key(5), SESSION, counts, PRIMITIVES);
        return new Way("master to slave", datagram, length, opener::open, counts);
    }

    private static Way ofSlave() {
        SealCounts counts = new SealCounts();
        ByteBuf datagram = SealedDatagrams.of(new DisconnectFlyweight());
        int length = PairSealer.ofSlave(SealedDatagrams.key(6), 3, PRIMITIVES)
                .seal(datagram, OFFSET, SealedDatagrams.length(datagram));
        PairOpener opener = PairOpener.ofSlave(SealedDatagrams.key(6), SESSION, counts, PRIMITIVES);
        return new Way("slave to master", datagram, length, opener::open, counts);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void eachBitCounts(Way way) {
        boolean isOfSlave = way.name().startsWith("slave");
        for (int bit = 0; bit < 8 * way.length(); bit++) {
            ByteBuf damaged = SealedDatagrams.copy(way.sealed());
            int at = OFFSET + bit / 8;
            damaged.setByte(at, damaged.getByte(at) ^ 1 << bit % 8);
            boolean isIndex = isOfSlave && bit / 8 >= 12 && bit / 8 < 16;
            if (!isIndex) {
                assertThat(way.opener().open(damaged, OFFSET, way.length()))
                        .as("bit " + bit)
                        .isZero();
            }
        }
        assertThat(dropped(way.counts())).isEqualTo(8L * way.length() - (isOfSlave ? 32 : 0));
        assertOpens(way);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void eachOtherLengthIsDropped(Way way) {
        for (int length = -1; length < way.length() + 40; length++) {
            if (length != way.length()) {
                ByteBuf copy = SealedDatagrams.copy(way.sealed());
                copy.writerIndex(copy.capacity());
                assertThat(way.opener().open(copy, OFFSET, length))
                        .as("length " + length)
                        .isZero();
            }
        }
        assertOpens(way);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void placesOutsideTheBufferAreDropped(Way way) {
        for (int offset : new int[] {-1, Integer.MIN_VALUE, OFFSET + 1, 2000, Integer.MAX_VALUE}) {
            assertThat(way.opener().open(SealedDatagrams.copy(way.sealed()), offset, way.length()))
                    .isZero();
        }
        assertThat(way.opener().open(SealedDatagrams.copy(way.sealed()), OFFSET, Integer.MAX_VALUE))
                .isZero();
        assertThat(way.counts().malformed()).isEqualTo(6);
        assertOpens(way);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bytesAtRandomAreDropped(Way way) {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            ByteBuf buffer =
                    Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(200)).setIndex(0, 0);
            buffer.writeBytes(bytes);
            // Half of them begin as ours do, and so come further.
            if (round % 2 == 0 && bytes.length >= 12) {
                buffer.setBytes(0, way.sealed(), OFFSET, 8 + random.nextInt(5));
            }
            assertThat(way.opener().open(buffer, 0, bytes.length)).isZero();
        }
        assertThat(dropped(way.counts())).isEqualTo(20_000);
        assertThat(way.counts().badTag()).isPositive();
        assertOpens(way);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aReplayIsDroppedBeforeItsTagIsLookedAt(Way way) {
        assertOpens(way);
        ByteBuf again = SealedDatagrams.copy(way.sealed());
        again.setByte(OFFSET + way.length() - 1, ~again.getByte(OFFSET + way.length() - 1));

        assertThat(way.opener().open(SealedDatagrams.copy(way.sealed()), OFFSET, way.length()))
                .isZero();
        assertThat(way.opener().open(again, OFFSET, way.length())).isZero();

        assertThat(way.counts().replayed()).isEqualTo(2);
        assertThat(way.counts().badTag()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void thereIsNoWayBackToTheOpenLayout(Way way) {
        ByteBuf open = SealedDatagrams.toGroup(9);

        assertThat(way.opener().open(open, OFFSET, SealedDatagrams.length(open)))
                .isZero();

        assertThat(way.counts().open()).isEqualTo(1);
    }

    @Test
    void whatOneWaySealsTheOthersDoNotOpen() {
        for (Way from : ways()) {
            for (Way to : ways()) {
                int opened = to.opener().open(SealedDatagrams.copy(from.sealed()), OFFSET, from.length());
                assertThat(opened > 0)
                        .as(from + " at " + to)
                        .isEqualTo(from.name().equals(to.name()));
            }
        }
    }

    /** A forged datagram with a number far ahead must not make true ones look old. */
    @ParameterizedTest
    @MethodSource("ways")
    void forgedNumbersMoveNothing(Way way) {
        for (int number : new int[] {8, 100_000, Integer.MAX_VALUE, -1}) {
            ByteBuf forged = SealedDatagrams.copy(way.sealed());
            forged.setInt(OFFSET + 8, number);
            assertThat(way.opener().open(forged, OFFSET, way.length())).isZero();
        }
        assertOpens(way);
    }

    private static void assertOpens(Way way) {
        assertThat(way.opener().open(SealedDatagrams.copy(way.sealed()), OFFSET, way.length()))
                .isPositive();
        assertThat(way.counts().opened()).isEqualTo(1);
    }

    private static long dropped(SealCounts counts) {
        return counts.badTag() + counts.replayed() + counts.unknownEpoch() + counts.open() + counts.malformed();
    }
}
