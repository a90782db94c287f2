package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDigestTest {
    private static final int TRACK_BYTES = 262_144;

    /** The definition of docs/architecture.md, section 4, word for word, over all leaves at once. */
    private static byte[] reference(TrackKind[] kinds, long[] checksums) throws Exception {
        var chunkDigests = MessageDigest.getInstance("SHA-256");
        for (int first = 0; first < kinds.length; first += 1024) {
            var chunk = MessageDigest.getInstance("SHA-256");
            for (int track = first; track < Math.min(kinds.length, first + 1024); track++) {
                var leaf = ByteBuffer.allocate(9);
                switch (kinds[track]) {
                    case DATA, ZERO -> leaf.put((byte) 0).putLong(checksums[track]);
                    case UNUSED -> leaf.put((byte) 1).putLong(0x0000000000000000L);
                    case PARTIAL -> leaf.put((byte) 3).putLong(checksums[track]);
                    case UNREADABLE -> leaf.put((byte) 2).putLong(0xFFFFFFFFFFFFFFFFL);
                }
                chunk.update(leaf.array());
            }
            chunkDigests.update(chunk.digest());
        }
        return chunkDigests.digest();
    }

    private static TrackKind[] allOf(int tracks, TrackKind kind) {
        var kinds = new TrackKind[tracks];
        Arrays.fill(kinds, kind);
        return kinds;
    }

    private static long[] randomChecksums(int tracks, long seed) {
        return new Random(seed).longs(tracks).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1023, 1024, 1025, 5000})
    void anyOrderGivesTheDigestOfTheSpecification(int tracks) throws Exception {
        // given
        long[] checksums = randomChecksums(tracks, tracks);
        var kinds = allOf(tracks, TrackKind.DATA);
        var random = new Random(tracks);
        for (int i = 0; i < tracks; i += 3) {
            kinds[i] = List.of(TrackKind.values()).get(random.nextInt(TrackKind.values().length));
        }
        // when set from the last to the first
        var digest = new ContentDigest(tracks);
        for (int track = tracks - 1; track >= 0; track--) {
            assertThat(digest.missingTracks()).isEqualTo(track + 1);
            digest.set(track, kinds[track], checksums[track]);
        }
        // then
        assertThat(digest.missingTracks()).isZero();
        assertThat(digest.digest()).isEqualTo(reference(kinds, checksums)).hasSize(ContentDigest.DIGEST_BYTES);
        assertThat(digest.digest()).isEqualTo(reference(kinds, checksums));
    }

    @Test
    void aRangeIsTheSameAsItsTracksOneByOne() throws Exception {
        for (TrackKind kind : new TrackKind[] {TrackKind.ZERO, TrackKind.UNUSED, TrackKind.UNREADABLE}) {
            // given tracks 100 to 4999 skipped, the last one short
            int tracks = 5000;
            long[] checksums = randomChecksums(tracks, 1);
            var kinds = allOf(tracks, TrackKind.DATA);
            Arrays.fill(kinds, 100, tracks, kind);
            Arrays.fill(checksums, 100, tracks, TrackChecksum.ofZeros(TRACK_BYTES));
            checksums[tracks - 1] = TrackChecksum.ofZeros(512);
            // when
            var digest = new ContentDigest(tracks);
            digest.setRange(100, tracks - 100, kind, track -> track == tracks - 1 ? 512 : TRACK_BYTES);
            for (int track = 0; track < 100; track++) {
                digest.set(track, TrackKind.DATA, checksums[track]);
            }
            // then
            assertThat(digest.digest()).isEqualTo(reference(kinds, checksums));
        }
    }

    @Test
    void aLastChunkThatIsShortAndUniformIsHashedAtItsLength() throws Exception {
        var kinds = allOf(1030, TrackKind.UNUSED);
        var digest = new ContentDigest(1030);
        digest.setRange(0, 1030, TrackKind.UNUSED, TRACK_BYTES);
        assertThat(digest.digest()).isEqualTo(reference(kinds, new long[1030]));
    }

    @Test
    void aTrackThatWasRepairedHasItsNewContent() throws Exception {
        // given
        var kinds = allOf(2048, TrackKind.UNUSED);
        long[] checksums = new long[2048];
        var digest = new ContentDigest(2048);
        digest.setRange(0, 2048, TrackKind.UNUSED, TRACK_BYTES);
        // when a track in each chunk turns out to be data, and one is read again
        for (int track : new int[] {3, 2047, 3}) {
            kinds[track] = TrackKind.DATA;
            checksums[track] += 77;
            digest.set(track, TrackKind.DATA, checksums[track]);
        }
        // then
        assertThat(digest.missingTracks()).isZero();
        assertThat(digest.digest()).isEqualTo(reference(kinds, checksums));
        // and a range over everything wins again
        digest.setRange(0, 2048, TrackKind.UNUSED, TRACK_BYTES);
        assertThat(digest.digest()).isEqualTo(reference(allOf(2048, TrackKind.UNUSED), checksums));
    }

    @Test
    void oldChunksAreFoldedAndNoLongerSettable() throws Exception {
        // given two chunks more than are kept
        int tracks = (ContentDigest.KEPT_CHUNKS + 2) * ContentDigest.CHUNK_TRACKS;
        long[] checksums = randomChecksums(tracks, 9);
        var digest = new ContentDigest(tracks);
        // when
        for (int track = 0; track < tracks; track++) {
            digest.set(track, TrackKind.DATA, checksums[track]);
        }
        // then
        assertThat(digest.isFolded(0)).isTrue();
        assertThat(digest.isFolded(2 * ContentDigest.CHUNK_TRACKS - 1)).isTrue();
        assertThat(digest.isFolded(2 * ContentDigest.CHUNK_TRACKS)).isFalse();
        assertThatThrownBy(() -> digest.set(5, TrackKind.DATA, checksums[5])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> digest.setRange(2000, 5000, TrackKind.UNUSED, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThat(digest.digest()).isEqualTo(reference(allOf(tracks, TrackKind.DATA), checksums));
    }

    @Test
    void sixtyFourMillionTracksOfOneKindAreImmediate() {
        var digest = new ContentDigest(64 << 20);
        digest.setRange(0, 64 << 20, TrackKind.ZERO, TRACK_BYTES);
        assertThat(digest.missingTracks()).isZero();
        assertThat(digest.digest()).hasSize(ContentDigest.DIGEST_BYTES);
    }

    @Test
    void missingTracksAreAnErrorThatNamesTheFirst() {
        var digest = new ContentDigest(3000);
        digest.setRange(0, 2500, TrackKind.UNUSED, 0);
        digest.set(2501, TrackKind.DATA, 1);
        assertThatThrownBy(digest::digest)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("499 tracks have no leaf, the first is 2500");
        assertThatThrownBy(() -> new ContentDigest(1).digest()).hasMessageEndingWith("the first is 0");
    }

    @Test
    void tracksOutsideTheTrackSpaceAreRefused() {
        var digest = new ContentDigest(10);
        assertThatThrownBy(() -> digest.set(10, TrackKind.DATA, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> digest.set(-1, TrackKind.DATA, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> digest.setRange(5, 6, TrackKind.UNUSED, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> digest.setRange(5, Integer.MAX_VALUE, TrackKind.UNUSED, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> digest.setRange(0, 1, TrackKind.DATA, 512))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ContentDigest(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDigestOfAKnownDiskNeverChanges() {
        // given 1500 tracks: data with checksum n * 0x0101010101010101, but zeros, unused and unreadable ones in the
        // middle
        var digest = new ContentDigest(1500);
        for (int track = 0; track < 1500; track++) {
            digest.set(track, TrackKind.DATA, track * 0x0101010101010101L);
        }
        digest.setRange(500, 10, TrackKind.ZERO, TRACK_BYTES);
        digest.setRange(600, 20, TrackKind.UNUSED, TRACK_BYTES);
        digest.setRange(1400, 1, TrackKind.UNREADABLE, TRACK_BYTES);
        // then (value from a separate program in another language)
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo("5a49cd1f173721faf2484c46b5e4348101b2672d15f2c09bb630abcbbbad6c98");
    }
}
