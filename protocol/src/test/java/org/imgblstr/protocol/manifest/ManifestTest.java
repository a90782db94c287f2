package org.imgblstr.protocol.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.junit.jupiter.api.Test;

/** What a master knows of its tracks at each moment of the pass, and where it keeps it. */
class ManifestTest {
    private static final int CHUNK = ManifestTracks.CHUNK_TRACKS;

    private final MemoryStore store = new MemoryStore();
    private final ManifestSignature signature =
            ManifestSignature.ofMaster(Primitives.best(), 7, SecretBytes.random(32, new Random(1)::nextBytes));
    private TrackKind kind = TrackKind.DATA;
    private int reached;

    private Manifest manifest(int tracks) {
        return new Manifest(
                tracks,
                new Manifest.Kinds() {
                    @Override
                    public int endTrack() {
                        return reached;
                    }

                    @Override
                    public TrackKind kindOf(int track) {
                        return track == 5 ? TrackKind.ZERO : kind;
                    }
                },
                signature,
                store);
    }

    private static byte[] digest(int track) {
        return Primitives.best().hashing().sha256(new byte[] {(byte) track, (byte) (track >> 8), (byte) (track >> 16)});
    }

    private void pass(Manifest manifest, int end) {
        for (int track = reached; track < end; track++) {
            reached = track + 1;
            if (track != 5 && kind.isEncoded()) {
                manifest.note(track, digest(track));
            }
            manifest.onReached(track);
        }
    }

    @Test
    void aDigestTrackIsThereOnceItsLastTrackWasReached() {
        Manifest manifest = manifest(2 * CHUNK);
        pass(manifest, CHUNK - 1);
        assertThat(manifest.isWhole(2 * CHUNK)).isFalse();
        assertThat(manifest.raw(2 * CHUNK)).isNull();

        pass(manifest, CHUNK);
        assertThat(manifest.isWhole(2 * CHUNK)).isTrue();
        assertThat(manifest.isWhole()).isFalse();
        assertThatThrownBy(manifest::root).isInstanceOf(IllegalStateException.class);

        pass(manifest, 2 * CHUNK);
        assertThat(manifest.isWhole()).isTrue();
        assertThat(manifest.root()).hasSize(32);
    }

    @Test
    void aTrackThatWasNotHashedKeepsItsDigestTrackBackUntilItIs() {
        Manifest manifest = manifest(CHUNK);
        reached = CHUNK;
        for (int track = 0; track < CHUNK; track++) {
            if (track != 5 && track != 900) {
                manifest.note(track, digest(track));
            }
        }
        manifest.onReached(0);
        assertThat(manifest.firstUnknown(0, CHUNK)).isEqualTo(900);
        assertThat(manifest.isWhole(CHUNK)).isFalse();

        manifest.note(900, digest(900));
        assertThat(manifest.firstUnknown(0, CHUNK)).isEqualTo(-1);
        assertThat(manifest.isWhole(CHUNK)).isTrue();
    }

    @Test
    void theFirstDigestOfATrackCounts() {
        Manifest manifest = manifest(CHUNK);
        manifest.note(0, digest(0));
        manifest.note(0, digest(1));
        reached = 0;
        pass(manifest, CHUNK);
        manifest.note(0, digest(1));

        assertThat(ManifestTracks.digest(manifest.raw(CHUNK), 0)).isEqualTo(digest(0));
    }

    @Test
    void aChunkWithoutBytesNeedsNoDigest() {
        kind = TrackKind.UNUSED;
        Manifest manifest = manifest(3 * CHUNK);
        reached = 3 * CHUNK;
        manifest.onReached(0);

        assertThat(manifest.isWhole()).isTrue();
        ByteBuffer raw = manifest.raw(3 * CHUNK);
        assertThat(ManifestTracks.kind(raw, 5)).isEqualTo(TrackKind.ZERO);
        assertThat(ManifestTracks.kind(raw, 6)).isEqualTo(TrackKind.UNUSED);
        assertThat(ManifestTracks.digest(raw, 6)).containsOnly(0);
    }

    @Test
    void olderDigestsGoToTheStoreAndAreTheSameWhenTheyComeBack() {
        int chunks = Manifest.KEPT_CHUNKS + 3;
        int tracks = chunks * CHUNK;
        Manifest manifest = manifest(tracks);
        pass(manifest, CHUNK);
        ByteBuffer first = manifest.raw(tracks);
        pass(manifest, tracks);

        assertThat(store.stored.keySet()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(manifest.raw(tracks)).as("is being fetched").isNull();
        assertThat(manifest.raw(tracks)).isEqualTo(first);
        assertThat(manifest.isWhole()).isTrue();
    }
}
