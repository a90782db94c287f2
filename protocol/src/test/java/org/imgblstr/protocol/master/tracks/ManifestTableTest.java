package org.imgblstr.protocol.master.tracks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.manifest.DigestStore;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.junit.jupiter.api.Test;

/** The manifest of a session as its pass fills it. */
class ManifestTableTest {
    private static final int CHUNK = ManifestTracks.CHUNK_TRACKS;
    private static final int TRACKS = 2 * CHUNK + 10;

    private final KindMap kinds = new KindMap();
    private final LeafTable leaves = new LeafTable(space(), kinds);
    private final Map<Integer, byte[]> older = new HashMap<>();
    private final ManifestTable table = ManifestTable.of(
            leaves,
            kinds,
            ManifestSignature.ofMaster(Primitives.best(), 7, SecretBytes.random(32, new Random(1)::nextBytes)),
            new NoTracks());

    private static TrackSpace space() {
        long sectors = 16L * TRACKS;
        return new TrackSpace(new Geometry(512, 4, 16, sectors), List.of(new Region(0, 0, sectors, "")));
    }

    private final class NoTracks implements TrackSupply, DigestStore {
        @Override
        public Item next() {
            return null;
        }

        @Override
        public void advance() {}

        @Override
        public ByteBuffer held(int track) {
            return null;
        }

        @Override
        public DigestStore olderDigests() {
            return this;
        }

        @Override
        public void request(int track) {}

        @Override
        public void forget(int endTrack) {}

        @Override
        public void release(int track) {}

        @Override
        public void put(int chunk, byte[] digests) {
            older.put(chunk, digests);
        }

        @Override
        public byte[] get(int chunk) {
            return older.get(chunk);
        }
    }

    private static byte[] digest(int track) {
        return Primitives.best().hashing().sha256(new byte[] {(byte) track, (byte) (track >> 8)});
    }

    /** The pass sends tracks with their digests, but for those from {@code firstUnknown} to before {@code endUnknown}. */
    private void pass(int end, int firstUnknown, int endUnknown) {
        for (int track = kinds.endTrack(); track < end; track++) {
            leaves.append(track, TrackKind.DATA, track);
            boolean isUnknown = track >= firstUnknown && track < endUnknown;
            table.note(track, isUnknown ? null : digest(track));
        }
    }

    private List<Integer> unknown(int digestTrack) {
        List<Integer> found = new ArrayList<>();
        table.forEachUnknown(digestTrack, found::add);
        return found;
    }

    private ByteBuffer decoded(int digestTrack) throws Exception {
        ByteBuffer raw = ByteBuffer.allocate(ManifestTracks.rawBytes(digestTrack, TRACKS));
        try (TrackDecoder decoder = new TrackDecoder()) {
            decoder.decode(digestTrack, raw.capacity(), table.encoded(digestTrack), raw);
        }
        return raw;
    }

    @Test
    void aDigestTrackFollowsTheLastTrackThatItDescribes() throws Exception {
        pass(CHUNK - 1, 0, 0);
        assertThat(table.next(false)).isEqualTo(-1);
        pass(CHUNK, 0, 0);
        assertThat(table.next(false)).isEqualTo(TRACKS);
        assertThat(table.next(false)).isEqualTo(TRACKS);
        ByteBuffer raw = decoded(TRACKS);
        for (int track = 0; track < CHUNK; track++) {
            assertThat(ManifestTracks.kind(raw, track)).isEqualTo(TrackKind.DATA);
            assertThat(ManifestTracks.digest(raw, track)).isEqualTo(digest(track));
        }
        table.onBegun();
        assertThat(table.next(false)).isEqualTo(-1);
        pass(TRACKS, 0, 0);
        assertThat(table.next(false)).isEqualTo(TRACKS + 1);
        table.onBegun();
        assertThat(table.next(false)).isEqualTo(TRACKS + 2);
        table.onBegun();
        assertThat(table.next(false)).isEqualTo(-1);
        assertThat(table.root()).hasSize(32);
    }

    @Test
    void thePassGoesOnWithoutADigestTrackThatIsNotWholeInTime() {
        pass(CHUNK, 100, 200);
        assertThat(table.next(false)).isEqualTo(-1);
        pass(2 * CHUNK, 0, 0);
        assertThat(table.next(false)).isEqualTo(TRACKS + 1);
        assertThat(table.encoded(TRACKS)).isNull();
    }

    @Test
    void whileOneSlaveIsAloneNoneIsSentAndLaterTheUnknownOnesAreNamed() throws Exception {
        pass(CHUNK, 0, CHUNK - 3);
        assertThat(table.next(true)).isEqualTo(-1);
        pass(TRACKS, 0, 0);
        assertThat(table.next(true)).isEqualTo(-1);
        assertThat(table.next(false)).as("who needs one asks for it").isEqualTo(-1);

        assertThat(unknown(TRACKS)).hasSize(CHUNK - 3).startsWith(0, 1).endsWith(CHUNK - 4);
        assertThat(unknown(TRACKS + 1)).isEmpty();
        assertThat(table.isKnown(0)).isFalse();
        assertThat(table.isKnown(CHUNK - 1)).isTrue();
        assertThat(table.root()).isNull();

        for (int track = CHUNK - 4; track >= 0; track--) {
            assertThat(table.encoded(TRACKS)).isNull();
            table.noteLate(track, digest(track));
        }
        assertThat(unknown(TRACKS)).isEmpty();
        assertThat(ManifestTracks.digest(decoded(TRACKS), 5)).isEqualTo(digest(5));
        assertThat(table.root()).hasSize(32);
    }

    @Test
    void aDeltaSessionGivesEntriesAndSendsNoDigestTrackUnasked() throws Exception {
        ByteBuffer entries = ByteBuffer.allocate(TRACKS * ManifestTracks.ENTRY_BYTES);
        for (int track = 0; track < TRACKS; track++) {
            boolean isData = track % 3 == 0;
            entries.put((byte) (isData ? TrackKind.DATA : TrackKind.ZERO).code())
                    .put(isData ? digest(track) : new byte[32]);
        }
        table.append(entries.flip());

        assertThat(kinds.endTrack()).isEqualTo(TRACKS);
        assertThat(table.next(false)).isEqualTo(-1);
        ByteBuffer raw = decoded(TRACKS + 2);
        int first = 2 * CHUNK;
        for (int i = 0; i < 10; i++) {
            boolean isData = (first + i) % 3 == 0;
            assertThat(ManifestTracks.digest(raw, i)).isEqualTo(isData ? digest(first + i) : new byte[32]);
        }
        assertThat(table.root()).hasSize(32);
    }
}
