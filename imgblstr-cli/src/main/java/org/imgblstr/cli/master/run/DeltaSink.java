package org.imgblstr.cli.master.run;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.session.MasterSession;

/** Tells a delta session what each track is instead of giving its bytes, which slaves ask for when their disks lack them. */
final class DeltaSink implements TrackSink {
    private final MasterSession session;
    private final TrackSpace space;
    private final Map<TrackKind, ByteBuffer> wholeChunks = new EnumMap<>(TrackKind.class);
    private int firstTrack;
    private int nextTrack;
    private ByteBuffer leaves;

    DeltaSink(MasterSession session, TrackSpace space) {
        this.session = session;
        this.space = space;
    }

    /** The header of the track is enough. */
    @Override
    public void data(int track, ByteBuffer encoded) {
        add(EncodedTrack.kind(encoded), EncodedTrack.leaf(encoded));
    }

    @Override
    public void skip(int first, int count, TrackKind kind) {
        int track = first;
        while (track < first + count) {
            int left = first + count - track;
            if (kind != TrackKind.ZERO && leaves == null && left >= DigestTracks.CHUNK_TRACKS) {
                session.leaves(track, wholeChunk(kind));
                nextTrack += DigestTracks.CHUNK_TRACKS;
                track += DigestTracks.CHUNK_TRACKS;
            } else {
                add(kind, kind == TrackKind.ZERO ? TrackChecksum.ofZeros(space.rawBytes(track)) : 0);
                track++;
            }
        }
    }

    /** What 1024 tracks are that are all unused, or all unreadable: one such buffer serves any number of them. */
    private ByteBuffer wholeChunk(TrackKind kind) {
        return wholeChunks.computeIfAbsent(kind, key -> {
            ByteBuffer made = ByteBuffer.allocate(DigestTracks.CHUNK_TRACKS * DigestTracks.LEAF_BYTES);
            while (made.hasRemaining()) {
                DigestTracks.put(made, key, 0);
            }
            return made.flip();
        });
    }

    @Override
    public void end(byte[] contentDigest) {
        hand();
        session.end(contentDigest);
    }

    private void add(TrackKind kind, long checksum) {
        if (leaves == null) {
            leaves = ByteBuffer.allocate(DigestTracks.CHUNK_TRACKS * DigestTracks.LEAF_BYTES);
            firstTrack = nextTrack;
        }
        DigestTracks.put(leaves, kind, checksum);
        nextTrack++;
        if (!leaves.hasRemaining()) {
            hand();
        }
    }

    private void hand() {
        if (leaves != null) {
            session.leaves(firstTrack, leaves.flip());
            leaves = null;
        }
    }
}
