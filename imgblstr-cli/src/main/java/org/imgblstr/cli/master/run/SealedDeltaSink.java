package org.imgblstr.cli.master.run;

import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.protocol.manifest.TrackDigester;
import org.imgblstr.protocol.session.MasterSession;

/** Tells a sealed delta session what each track is, by SHA-256, instead of giving its bytes, which slaves ask for when their disks lack them. */
final class SealedDeltaSink implements TrackSink {
    private static final int CHUNK_BYTES = ManifestTracks.CHUNK_TRACKS * ManifestTracks.ENTRY_BYTES;

    private final Session session;
    private final TrackDigester digester = new TrackDigester();
    private ByteBuffer entries = ByteBuffer.allocate(CHUNK_BYTES);
    private int firstTrack;
    private int nextTrack;

    /** The session that is told. */
    interface Session {
        /** {@code entries}: of the manifest, from this track on; kept. */
        void entries(int firstTrack, ByteBuffer entries);

        void end(byte[] contentDigest);
    }

    SealedDeltaSink(Session session) {
        this.session = session;
    }

    /** Into the session of a run. */
    static SealedDeltaSink of(MasterSession session) {
        return new SealedDeltaSink(new Session() {
            @Override
            public void entries(int firstTrack, ByteBuffer entries) {
                session.leaves(firstTrack, entries);
            }

            @Override
            public void end(byte[] contentDigest) {
                session.end(contentDigest);
            }
        });
    }

    @Override
    public void data(int track, ByteBuffer encoded) {
        add(EncodedTrack.kind(encoded), digester.digest(track, encoded));
    }

    /** Its header is enough when the digest is known. */
    @Override
    public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) {
        if (digest == null) {
            data(track, encoded);
        } else {
            add(EncodedTrack.kind(encoded), digest);
        }
        return encoded;
    }

    @Override
    public void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) {
        add(EncodedTrack.kind(encoded), digest);
    }

    @Override
    public void skip(int first, int count, TrackKind kind) {
        byte[] none = new byte[ManifestTracks.ENTRY_BYTES - 1];
        for (int i = 0; i < count; i++) {
            add(kind, none);
        }
    }

    @Override
    public void end(byte[] contentDigest) {
        hand();
        digester.close();
        session.end(contentDigest);
    }

    private void add(TrackKind kind, byte[] digest) {
        entries.put((byte) kind.code()).put(digest);
        nextTrack++;
        if (!entries.hasRemaining()) {
            hand();
        }
    }

    private void hand() {
        if (entries.position() > 0) {
            session.entries(firstTrack, entries.flip());
            entries = ByteBuffer.allocate(CHUNK_BYTES);
            firstTrack = nextTrack;
        }
    }
}
