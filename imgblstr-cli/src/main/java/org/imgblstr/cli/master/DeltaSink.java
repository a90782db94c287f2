package org.imgblstr.cli.master;

import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.TrackSink;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.session.MasterSession;

/** Tells a delta session what each track is instead of giving its bytes, which slaves ask for when their disks lack them. */
final class DeltaSink implements TrackSink {
    private final MasterSession session;
    private final TrackSpace space;
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
        add(TrackKind.DATA, EncodedTrack.checksum(encoded));
    }

    @Override
    public void skip(int first, int count, TrackKind kind) {
        for (int track = first; track < first + count; track++) {
            add(kind, kind == TrackKind.ZERO ? TrackChecksum.ofZeros(space.rawBytes(track)) : 0);
        }
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
