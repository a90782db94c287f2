package org.imgblstr.protocol.slave.tracks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.slave.tracks.ChainLinks.Want;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chains that begin with tracks 0 and 32; the master holds the last eight tracks that it sent. */
class ChainLinksTest {
    private static final int SLOTS = 10;
    private static final int HELD = 8;

    private final SlotPool slots = new SlotPool(SLOTS, 64, bytes -> new SymbolMemory(ByteBuffer.allocate(bytes)));
    private final TrackTable tracks = new TrackTable(64, slots, HELD);
    private final ChainLinks links = tracks.links();

    @BeforeEach
    void symbolSize() {
        slots.symbolBytes(64);
    }

    @Test
    void whatLinksWaitForIsWantedSoon() {
        links.onWaiting(35, 32);

        assertThat(links.wantOf(31)).isEqualTo(Want.ANY);
        assertThat(links.wantOf(32)).isEqualTo(Want.SOON);
        assertThat(links.wantOf(34)).isEqualTo(Want.SOON);
        assertThat(links.wantOf(36)).isEqualTo(Want.ANY);
        links.onWritten(35);
        assertThat(links.areNone()).isTrue();
    }

    @Test
    void aTrackWhoseLinkWasOfNoUseIsWantedAlone() {
        links.onWaiting(5, 0);

        links.wantAlone(5);

        assertThat(links.isWantedAlone(5)).isTrue();
        assertThat(links.wantOf(5)).isEqualTo(Want.ALONE);
        assertThat(links.wantOf(4)).as("nothing waits for it any more").isEqualTo(Want.ANY);
        assertThat(links.areNone()).isFalse();
    }

    @Test
    void behindATrackThatTheDiskHeldTheRestOfItsGroupIsWantedAlone() {
        links.onHeld(40);

        assertThat(links.wantOf(39)).isEqualTo(Want.ANY);
        assertThat(links.wantOf(41)).isEqualTo(Want.ALONE);
        assertThat(links.wantOf(63)).isEqualTo(Want.ALONE);
        assertThat(links.wantOf(64)).as("another group").isEqualTo(Want.ANY);
    }

    @Test
    void aLinkWaitsWhileTheMasterMaySendWhatItLacks() {
        heard(6);
        tracks.settle(0, 3);
        tracks.settle(4, 5);
        links.onWaiting(4, 0);

        assertThat(links.hopeless(tracks, SLOTS)).isEmpty();
    }

    @Test
    void aLinkIsGivenUpOnceWhenTheMasterNoLongerHoldsWhatItLacks() {
        heard(3 + HELD);
        tracks.settle(0, 3);
        tracks.settle(4, 6);
        links.onWaiting(4, 0);
        links.onWaiting(5, 0);

        assertThat(links.hopeless(tracks, SLOTS)).containsExactly(4);
        assertThat(links.hopeless(tracks, SLOTS)).containsExactly(5);
        assertThat(links.hopeless(tracks, SLOTS)).isEmpty();
    }

    @Test
    void aLinkIsGivenUpWhenAllBeforeItIsHereAndWasNoLink() {
        heard(6);
        tracks.settle(0, 5);
        links.onWaiting(4, 0);

        assertThat(links.hopeless(tracks, SLOTS)).containsExactly(4);
    }

    @Test
    void whatIsHalfReceivedIsWaitedFor() {
        heard(3 + HELD);
        tracks.settle(0, 3);
        tracks.begin(3, 0, 1);
        tracks.settle(4, 5);
        links.onWaiting(4, 0);

        assertThat(links.hopeless(tracks, SLOTS)).isEmpty();
    }

    @Test
    void oneLinkOfEachChainIsGivenUpWhenTheyTakeMoreThanHalfOfTheSlots() {
        heard(40);
        tracks.onSentUpTo(41);
        for (int track = 34; track < 40; track++) {
            tracks.settle(track, track + 1);
            links.onWaiting(track, 33);
        }

        assertThat(links.hopeless(tracks, SLOTS)).containsExactly(34);
        assertThat(links.hopeless(tracks, 3 * SLOTS))
                .as("five are no more than half of thirty")
                .isEmpty();
    }

    /** The pass was heard from its start, and is at a track. */
    private void heard(int track) {
        tracks.onHeardOf(0, false);
        tracks.onHeardOf(track, false);
    }
}
