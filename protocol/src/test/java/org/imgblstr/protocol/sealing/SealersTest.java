package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imgblstr.protocol.sealing.SealedDatagrams.OFFSET;
import static org.imgblstr.protocol.sealing.SealedDatagrams.PRIMITIVES;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION_ID;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.junit.jupiter.api.Test;

/** A number never serves twice under a key, and what was signed is asked about before it counts. */
class SealersTest {
    private final SealCounts counts = new SealCounts();

    @Test
    void dataKeepsItsNumbersAndTheyMustGrow() {
        GroupSealer sealer = SealedDatagrams.dataSealer(1, 41);
        ByteBuf datagram = SealedDatagrams.toGroup(42);
        int length = SealedDatagrams.length(datagram);

        assertThat(sealer.seal(datagram, OFFSET, length)).isEqualTo(length + 12);
        assertThat(Datagram.sequence(datagram, OFFSET)).isEqualTo(42);

        for (int number : new int[] {42, 41, 0, 42 + Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> sealer.seal(SealedDatagrams.toGroup(number), OFFSET, length))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void numbersGrowOverTheEndOf32Bits() {
        GroupSealer sealer = SealedDatagrams.dataSealer(1, -2);
        for (int number : new int[] {-1, 0, 1}) {
            ByteBuf datagram = SealedDatagrams.toGroup(number);
            assertThat(sealer.seal(datagram, OFFSET, SealedDatagrams.length(datagram)))
                    .isPositive();
        }
    }

    @Test
    void aKeyIsWornOutAfter2To28Datagrams() {
        GroupSealer sealer =
                new GroupSealer(SealedDatagrams.key(1), 1, PRIMITIVES, true, 0, GroupSealer.MOST_DATAGRAMS - 1);
        ByteBuf datagram = SealedDatagrams.toGroup(1);
        int length = SealedDatagrams.length(datagram);
        assertThat(sealer.isWornOut()).isFalse();

        sealer.seal(SealedDatagrams.copy(datagram), OFFSET, length);

        assertThat(sealer.isWornOut()).isTrue();
        assertThatThrownBy(() -> sealer.seal(datagram, OFFSET, length)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void pairsNumberTheirDatagramsThemselves() {
        PairSealer sealer = PairSealer.ofMaster(SealedDatagrams.key(2), PRIMITIVES);
        PairOpener opener = PairOpener.ofMaster(SealedDatagrams.key(2), SESSION, counts, PRIMITIVES);
        for (int number = 1; number < 5; number++) {
            ByteBuf datagram = SealedDatagrams.toSlave();
            int length = SealedDatagrams.length(datagram);
            int sealed = sealer.seal(datagram, OFFSET, length);
            assertThat(Datagram.sequence(datagram, OFFSET)).isEqualTo(number);
            assertThat(opener.open(datagram, OFFSET, sealed)).isEqualTo(length);
        }
    }

    @Test
    void theOlderOfTwoThatChangedPlacesIsDropped() {
        PairSealer sealer = PairSealer.ofMaster(SealedDatagrams.key(2), PRIMITIVES);
        PairOpener opener = PairOpener.ofMaster(SealedDatagrams.key(2), SESSION, counts, PRIMITIVES);
        ByteBuf first = SealedDatagrams.toSlave();
        ByteBuf second = SealedDatagrams.toSlave();
        int length = SealedDatagrams.length(first);
        int sealed = sealer.seal(first, OFFSET, length);
        sealer.seal(second, OFFSET, length);

        assertThat(opener.open(second, OFFSET, sealed)).isPositive();
        assertThat(opener.open(first, OFFSET, sealed)).isZero();
        assertThat(counts.replayed()).isEqualTo(1);
    }

    @Test
    void theIndexOfASlaveIsReadWithoutAKey() {
        ByteBuf datagram = SealedDatagrams.toSlave();
        PairSealer.ofSlave(SealedDatagrams.key(3), 65_534, PRIMITIVES)
                .seal(datagram, OFFSET, SealedDatagrams.length(datagram));

        assertThat(SealedLayout.slaveIndex(datagram, OFFSET)).isEqualTo(65_534);
        datagram.setByte(OFFSET + 15, 1);
        assertThat(SealedLayout.slaveIndex(datagram, OFFSET)).isEqualTo(-1);
    }

    @Test
    void aDoneWhoseSignatureFailsCountsAsForgedAndItsNumberStaysFree() {
        Epochs epochs = new Epochs(SESSION_ID, PRIMITIVES);
        epochs.add(SealedDatagrams.group(1));
        GroupOpener suspicious = new GroupOpener(SESSION, epochs, (buffer, offset, length) -> false, counts);
        ByteBuf done = SealedDatagrams.of(new DoneFlyweight());
        done.setInt(OFFSET + 8, 5);
        int sealed = SealedDatagrams.dataSealer(1, 0).seal(done, OFFSET, SealedDatagrams.length(done));
        ByteBuf other = SealedDatagrams.toGroup(5);
        int otherSealed = SealedDatagrams.dataSealer(1, 0).seal(other, OFFSET, SealedDatagrams.length(other));

        assertThat(suspicious.open(done, OFFSET, sealed, 0)).isZero();
        assertThat(counts.badTag()).isEqualTo(1);
        assertThat(suspicious.open(other, OFFSET, otherSealed, 0)).isPositive();
    }

    @Test
    void aSymbolOfASealedSessionIsTwelveBytesShorter() {
        assertThat(SealedLayout.symbolBytes(1500)).isEqualTo(1432).isEqualTo(Datagram.ETHERNET_SYMBOL_BYTES - 12);
    }
}
