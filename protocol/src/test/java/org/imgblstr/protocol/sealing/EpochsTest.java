package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.sealing.SealedDatagrams.OFFSET;
import static org.imgblstr.protocol.sealing.SealedDatagrams.PRIMITIVES;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION_ID;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpochsTest {
    private final SealCounts counts = new SealCounts();
    private final Epochs epochs = new Epochs(SESSION_ID, PRIMITIVES);
    private final GroupOpener opener = new GroupOpener(SESSION, epochs, (buffer, offset, length) -> true, counts);

    @BeforeEach
    void firstEpoch() {
        epochs.add(SealedDatagrams.group(1));
        assertThat(data(1, 100, 0)).isTrue();
    }

    @Test
    void aKeyThatIsNotThereIsCounted() {
        assertThat(data(2, 101, 0)).isFalse();

        assertThat(counts.unknownEpoch()).isEqualTo(1);
        assertThat(epochs.newest()).isEqualTo(1);
    }

    @Test
    void theNextKeyWaitsUntilItIsUsed() {
        epochs.add(SealedDatagrams.group(2));

        assertThat(epochs.newest()).isEqualTo(2);
        assertThat(epochs.inUse()).isEqualTo(1);
        assertThat(data(1, 101, 0)).isTrue();
        assertThat(data(2, 102, 0)).isTrue();
        assertThat(epochs.inUse()).isEqualTo(2);
    }

    @Test
    void theOldKeyOpensOnlyWhatWasSentBefore() {
        epochs.add(SealedDatagrams.group(2));
        assertThat(data(2, 110, 0)).isTrue();

        assertThat(data(1, 109, 0)).isTrue();
        assertThat(data(1, 111, 0)).isFalse();
        assertThat(counts.replayed()).isEqualTo(1);
        assertThat(data(2, 111, 0)).isTrue();
    }

    @Test
    void theOldKeyIsWipedAfterTwoSeconds() {
        epochs.add(SealedDatagrams.group(2));
        assertThat(data(2, 110, 1_000)).isTrue();
        epochs.onTick(1_000 + Epochs.OLD_KEY_NS - 1);
        assertThat(data(1, 105, 0)).isTrue();

        epochs.onTick(1_000 + Epochs.OLD_KEY_NS);

        assertThat(data(1, 106, 0)).isFalse();
        assertThat(counts.unknownEpoch()).isEqualTo(1);
        assertThat(epochs.newest()).isEqualTo(2);
    }

    @Test
    void anEpochThatIsOverAnnouncesNothing() {
        epochs.add(SealedDatagrams.group(2));
        GroupSealer old = SealedDatagrams.stateSealer(1);
        GroupSealer next = SealedDatagrams.stateSealer(2);

        assertThat(state(old)).isTrue();
        assertThat(state(next)).isTrue();
        assertThat(state(old)).isFalse();
        assertThat(state(next)).isTrue();
        assertThat(epochs.inUse()).isEqualTo(2);
        assertThat(data(1, 101, 0)).isTrue();
    }

    @Test
    void anEpochWhoseKeyWasLostIsSkipped() {
        epochs.add(SealedDatagrams.group(3));
        epochs.add(SealedDatagrams.group(2));
        epochs.add(SealedDatagrams.group(3));

        assertThat(epochs.newest()).isEqualTo(3);
        assertThat(data(2, 101, 0)).isFalse();
        assertThat(data(3, 102, 0)).isTrue();
        assertThat(data(1, 101, 0)).isTrue();
    }

    /** Seven epochs share the nibbles: the eighth takes the place of the first. */
    @Test
    void aKeyTakesThePlaceOfOneWithTheSameNibble() {
        for (int epoch = 2; epoch <= 30; epoch++) {
            epochs.add(SealedDatagrams.group(epoch));
        }

        assertThat(data(23, 101, 0)).isFalse();
        for (int epoch = 24; epoch <= 30; epoch++) {
            assertThat(data(epoch, 100 + epoch, 0)).as("epoch " + epoch).isTrue();
        }
        assertThat(data(29, 129, 0)).isFalse();
    }

    @Test
    void ofSeveralOldKeysOnlyTheLastOneIsKept() {
        epochs.add(SealedDatagrams.group(2));
        epochs.add(SealedDatagrams.group(3));
        assertThat(data(2, 110, 0)).isTrue();
        assertThat(data(3, 120, 0)).isTrue();

        assertThat(data(1, 105, 0)).isFalse();
        assertThat(data(2, 115, 0)).isTrue();
        assertThat(counts.unknownEpoch()).isEqualTo(1);
    }

    private boolean data(int epoch, int sequence, long nowNs) {
        ByteBuf datagram = SealedDatagrams.toGroup(sequence);
        int length = SealedDatagrams.length(datagram);
        int sealed = SealedDatagrams.dataSealer(epoch, sequence - 1).seal(datagram, OFFSET, length);
        return opener.open(datagram, OFFSET, sealed, nowNs) == length;
    }

    private boolean state(GroupSealer sealer) {
        ByteBuf datagram = SealedDatagrams.of(new DriveGeometryFlyweight());
        int sealed = sealer.seal(datagram, OFFSET, SealedDatagrams.length(datagram));
        return opener.open(datagram, OFFSET, sealed, 0) > 0;
    }
}
