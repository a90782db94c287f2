package org.imgblstr.protocol.slave.tracks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.junit.jupiter.api.Test;

class HoldingsTest {
    private static final TrackSpace SPACE =
            new TrackSpace(Geometry.of(512, 8 * 2048), List.of(new Region(0, 0, 8 * 2048, "")));
    private static final long TRACK_BYTES = SPACE.geometry().trackBytes();

    private final Holdings held =
            new Holdings(SPACE, null, 4, bytes -> new SymbolMemory(ByteBuffer.allocate(bytes)), 16, null, 0);

    /** What is unused passes in no time: counting it would show a disk that is half free as half done at once. */
    @Test
    void progressCountsWhatIsUsed() {
        held.onSkipped(0, 16, TrackKind.UNUSED);
        assertThat(held.tally().usedBytesDone()).isZero();
        assertThat(held.tally().bytesDone()).isEqualTo(16 * TRACK_BYTES);

        held.onSkipped(16, 2, TrackKind.ZERO);
        held.onDone(18, 1);
        held.onHeld(19, TrackKind.UNUSED, 0);
        held.onHeld(20, TrackKind.DATA, 2);
        assertThat(held.tally().usedBytesDone()).isEqualTo(4 * TRACK_BYTES);
        assertThat(held.usedBytesGood()).isEqualTo(4 * TRACK_BYTES);

        held.onDone(22, 3);
        assertThat(held.usedBytesGood()).as("track 21 is lacking").isEqualTo(4 * TRACK_BYTES);
        held.onSkipped(21, 1, TrackKind.UNUSED);
        assertThat(held.usedBytesGood()).isEqualTo(5 * TRACK_BYTES);
    }
}
