package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainDeskTest {
    private static final int TRACKS = 3 * ChainDesk.MOST_CHAINS * EncodedTrack.CHAIN_TRACKS;
    private static final int RAW_BYTES = 4096;

    private final ChainDesk desk = new ChainDesk();
    private final byte[][] raw = new byte[TRACKS][RAW_BYTES];
    private final ByteBuffer[] encoded = new ByteBuffer[TRACKS];
    private final Map<TrackSlot, Integer> places = new HashMap<>();
    private final TrackSlot[] slots = new TrackSlot[TRACKS];

    /** Text, and every fifth track random. */
    @BeforeEach
    void encode() {
        Random random = new Random(6);
        SlotPool pool = new SlotPool(TRACKS, 1024, bytes -> new SymbolMemory(ByteBuffer.allocate(bytes)));
        pool.symbolBytes(256);
        try (TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT)) {
            for (int track = 0; track < TRACKS; track++) {
                random.nextBytes(raw[track]);
                for (int i = 0; track % 5 > 0 && i < RAW_BYTES; i++) {
                    raw[track][i] = (byte) ('a' + (raw[track][i] & 7));
                }
                encoded[track] = ByteBuffer.allocate(EncodedTrack.maxBytes(RAW_BYTES));
                encoder.encode(track, ByteBuffer.wrap(raw[track]), encoded[track]);
                slots[track] = pool.take(track, 0, 1);
                places.put(slots[track], track);
            }
        }
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private boolean take(int track) {
        return desk.take(slots[track], encoded[track]);
    }

    /** Decodes all that can be now, and compares it. */
    private List<Integer> decodeReady() {
        List<Integer> tracks = new ArrayList<>();
        for (ChainDesk.Turn turn = desk.poll(); turn != null; turn = desk.poll()) {
            int track = places.get(turn.slot());
            ByteBuffer out = ByteBuffer.allocate(RAW_BYTES);
            try {
                turn.decoder().decode(track, RAW_BYTES, turn.encoded(), out);
                assertThat(out.array()).isEqualTo(raw[track]);
                tracks.add(track);
            } catch (MalformedTrackException e) {
                desk.onMalformed(turn);
            }
        }
        return tracks;
    }

    private List<Integer> useless() {
        return desk.takeUseless().stream().map(places::get).sorted().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverTheOrderWithinThreeGroupsEveryTrackIsDecodedOnce(long seed) {
        List<Integer> order = new ArrayList<>();
        for (int track = 0; track < 3 * EncodedTrack.CHAIN_TRACKS; track++) {
            order.add(track);
        }
        Collections.shuffle(order, new Random(seed));
        List<Integer> decoded = new ArrayList<>();
        for (int track : order) {
            boolean waits = take(track);
            List<Integer> now = decodeReady();
            assertThat(waits).isEqualTo(!now.contains(track));
            decoded.addAll(now);
        }
        assertThat(decoded).containsExactlyInAnyOrderElementsOf(order);
        assertThat(useless()).isEmpty();
    }

    @Test
    void tracksThatStandAloneDoNotWait() {
        assertThat(take(5)).isFalse();
        assertThat(take(10)).isFalse();
        assertThat(decodeReady()).containsExactly(5, 10);
    }

    @Test
    void whatWaitsComesBackWhenItIsGivenUpAndSoDoesWhatFollows() {
        take(1);
        assertThat(decodeReady()).containsExactly(1);
        assertThat(take(3)).isTrue();
        assertThat(take(4)).isTrue();
        desk.giveUp(4);
        assertThat(useless()).containsExactly(3, 4);
        assertThat(take(2)).isFalse();
        assertThat(take(6)).isFalse();
        assertThat(useless()).containsExactly(2, 6);
        assertThat(decodeReady()).isEmpty();
    }

    @Test
    void givingUpComesTooLateForWhatWasDecodedMeanwhile() {
        take(1);
        take(3);
        take(2);
        assertThat(decodeReady()).containsExactly(1, 2, 3);
        assertThat(take(6)).isTrue();
        desk.giveUp(3);
        assertThat(useless()).isEmpty();
        take(4);
        assertThat(decodeReady()).containsExactly(4, 6);
    }

    @Test
    void aDamagedLinkIsMalformedAndThoseAfterItAreUseless() {
        encoded[2].put(EncodedTrack.HEADER_BYTES + 20, (byte) ~encoded[2].get(EncodedTrack.HEADER_BYTES + 20));
        take(1);
        take(3);
        take(4);
        take(2);
        assertThat(decodeReady()).containsExactly(1);
        assertThat(useless()).containsExactly(3, 4);
        take(6);
        assertThat(useless()).containsExactly(6);
        take(32);
        assertThat(decodeReady()).as("the next chain is another one").containsExactly(32);
    }

    @Test
    void fewChainsAreOpenAndTheOldestGivesWay() {
        for (int i = 0; i < ChainDesk.MOST_CHAINS; i++) {
            assertThat(take(laterLink(i))).isTrue();
        }
        assertThat(useless()).isEmpty();
        assertThat(take(laterLink(ChainDesk.MOST_CHAINS))).isTrue();
        assertThat(useless()).containsExactly(3);
        assertThat(take(4)).as("a link of a chain older than all that are open").isFalse();
        assertThat(useless()).containsExactly(4);
    }

    @Test
    void aChainThatWaitsStaysWhileOthersComeAndGo() {
        assertThat(take(1)).isFalse();
        decodeReady();
        assertThat(take(3)).as("after 2").isTrue();
        for (int group = 1; group < TRACKS / EncodedTrack.CHAIN_TRACKS; group++) {
            int first = group * EncodedTrack.CHAIN_TRACKS;
            take(first % 5 == 0 ? first + 1 : first);
            assertThat(decodeReady()).hasSize(1);
        }
        assertThat(useless()).isEmpty();
        take(2);
        assertThat(decodeReady()).containsExactly(2, 3);
    }

    /** A link of a group that is not the first. */
    private static int laterLink(int group) {
        int track = group * EncodedTrack.CHAIN_TRACKS + 3;
        return track % 5 == 0 ? track + 1 : track;
    }
}
