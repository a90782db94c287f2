package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.junit.jupiter.api.Test;

/** What a sealed delta session is told of its tracks. */
class SealedDeltaSinkTest {
    private static final int RAW_BYTES = 4096;

    private final List<TrackKind> kinds = new ArrayList<>();
    private final List<byte[]> digests = new ArrayList<>();
    private byte[] contentDigest;

    private final SealedDeltaSink sink = new SealedDeltaSink(new SealedDeltaSink.Session() {
        @Override
        public void entries(int firstTrack, ByteBuffer entries) {
            assertThat(firstTrack).isEqualTo(kinds.size());
            for (int i = 0; i < entries.remaining() / ManifestTracks.ENTRY_BYTES; i++) {
                kinds.add(ManifestTracks.kind(entries, i));
                digests.add(ManifestTracks.digest(entries, i));
            }
        }

        @Override
        public void end(byte[] digest) {
            contentDigest = digest;
        }
    });

    private static byte[] raw(int track) {
        byte[] raw = new byte[RAW_BYTES];
        raw[track % RAW_BYTES] = 1;
        return raw;
    }

    private static byte[] expected(int track) {
        return new TrackHasher().hash(ByteBuffer.wrap(raw(track)), UnreadableMap.NONE);
    }

    private static ByteBuffer encoded(int track) {
        ByteBuffer out = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(RAW_BYTES));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("zstd:1"))) {
            encoder.encode(track, ByteBuffer.wrap(raw(track)), out);
        }
        return out;
    }

    @Test
    void aDigestThatIsKnownIsTakenAndTheTrackIsNotLookedAt() {
        ByteBuffer framed = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(RAW_BYTES));
        framed.position(EncodedTrack.HEADER_BYTES).put(raw(0)).flip();
        ByteBuffer header = TrackEncoder.describe(0, framed);

        assertThat(sink.exchange(0, header, expected(0))).isSameAs(header);
        sink.decoded(1, header, ByteBuffer.wrap(raw(1)), expected(1));
        sink.end(new byte[] {1});

        assertThat(kinds).containsExactly(TrackKind.DATA, TrackKind.DATA);
        assertThat(digests).containsExactly(expected(0), expected(1));
        assertThat(contentDigest).containsExactly(1);
    }

    @Test
    void oneThatIsNotKnownIsThatOfTheDecodedTrack() {
        ByteBuffer track = encoded(0);
        sink.exchange(0, track, null);
        sink.data(1, encoded(1));
        sink.end(new byte[0]);

        assertThat(digests).containsExactly(expected(0), expected(1));
    }

    @Test
    void tracksWithoutBytesHaveZerosAndChunksFollowOneAnother() {
        sink.skip(0, 1_500, TrackKind.ZERO);
        sink.exchange(1_500, encoded(1_500), expected(1_500));
        sink.skip(1_501, 999, TrackKind.UNUSED);
        sink.end(new byte[0]);

        assertThat(kinds).hasSize(2_500);
        assertThat(kinds.get(1_499)).isEqualTo(TrackKind.ZERO);
        assertThat(digests.get(1_499)).isEqualTo(new byte[32]);
        assertThat(digests.get(1_500)).isEqualTo(expected(1_500));
        assertThat(kinds.get(2_499)).isEqualTo(TrackKind.UNUSED);
    }
}
