package org.imgblstr.protocol.slave.tracks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.repair.TrackSlot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Twenty tracks of at most four symbols, two slots, and a master that holds the last two tracks it sent. */
class TrackTableTest {
    private static final int SYMBOLS = 4;
    private static final int HELD = 2;

    private final SlotPool slots = new SlotPool(2, SYMBOLS * 64, bytes -> new SymbolMemory(ByteBuffer.allocate(bytes)));
    private final TrackTable tracks = new TrackTable(20, slots, HELD);

    @BeforeEach
    void symbolSize() {
        slots.symbolBytes(64);
    }

    @Test
    void goodUpToIsTheFirstTrackThatIsNotDone() {
        tracks.done(1, 3);
        assertThat(tracks.goodUpTo()).isZero();

        tracks.done(0, 1);
        assertThat(tracks.goodUpTo()).isEqualTo(3);

        tracks.done(3, 20);
        assertThat(tracks.goodUpTo()).isEqualTo(20);
        assertThat(tracks.isComplete()).isTrue();
    }

    @Test
    void itIsNotCompleteWhileATrackIsOnlyWithTheDisk() {
        tracks.settle(0, 20);
        tracks.done(0, 19);

        assertThat(tracks.isComplete()).isFalse();
        assertThat(tracks.isSettled(19)).isTrue();
    }

    @Test
    void tracksBeforeTheOneThatIsHeardOfAreClosedAndALateOneChangesNothing() {
        tracks.onHeardOf(5, false);
        assertThat(tracks.closedEnd()).isEqualTo(5);
        assertThat(tracks.endTrack()).isEqualTo(6);

        tracks.onHeardOf(5, true);
        tracks.onHeardOf(3, false);

        assertThat(tracks.closedEnd()).isEqualTo(6);
        assertThat(tracks.endTrack()).isEqualTo(6);
        assertThat(tracks.firstHeard()).isEqualTo(5);
    }

    @Test
    void whatTheDiskCouldNotUseIsMissingAgainAndCountedOnce() {
        tracks.onHeardOf(3, true);
        tracks.settle(0, 4);
        assertThat(tracks.missingCount()).isZero();

        tracks.unsettle(2);
        tracks.unsettle(2);

        assertThat(tracks.missingCount()).isEqualTo(1);
        assertThat(tracks.nextUnsettled(0, 4)).isEqualTo(2);
        assertThat(tracks.nextSettled(2, 4)).isEqualTo(3);
    }

    @Test
    void aTrackThatIsSettledKeepsItsSlotUntilTheDiskGivesItBack() {
        TrackSlot slot = tracks.begin(0, 0, SYMBOLS);
        tracks.settle(slot);
        assertThat(tracks.slotOf(0)).isNull();
        assertThat(slots.freeCount()).isEqualTo(1);

        tracks.free(slot);

        assertThat(slots.freeCount()).isEqualTo(2);
    }

    @Test
    void aSkipRangeFreesTheSlotsOfTracksThatItCovers() {
        tracks.begin(3, 0, SYMBOLS);

        tracks.settle(2, 5);

        assertThat(tracks.slotOf(3)).isNull();
        assertThat(slots.freeCount()).isEqualTo(2);
    }

    @Test
    void withoutRoomATrackIsGivenUpOnlyWhenTheMasterNoLongerHoldsIt() {
        tracks.onHeardOf(1, false);
        tracks.begin(0, 0, SYMBOLS);
        tracks.begin(1, 0, SYMBOLS);
        tracks.onHeardOf(2, false);
        assertThat(tracks.begin(2, 0, SYMBOLS)).as("track 1 may come again").isNotNull();
        assertThat(tracks.slotOf(0)).isNull();

        assertThat(tracks.begin(2, 0, SYMBOLS))
                .as("tracks 1 and 2 may come again")
                .isNull();
    }

    @Test
    void ofShorterTracksTheMasterHoldsMore() {
        tracks.onHeardOf(10, false);
        assertThat(tracks.firstRepaired()).isEqualTo(11 - HELD);

        tracks.begin(10, 0, SYMBOLS / 4);

        assertThat(tracks.firstRepaired()).isEqualTo(11 - HELD * 4);
    }

    @Test
    void theWindowEndsWhereTheFreeSlotsDo() {
        tracks.onHeardOf(4, false);
        assertThat(tracks.windowEnd()).isEqualTo(7);

        tracks.begin(4, 0, SYMBOLS);

        assertThat(tracks.windowEnd()).isEqualTo(6);
        assertThat(tracks.hasRoom()).isTrue();
    }
}
