package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.slave.disk.TargetOpener;

/** Source and target of a {@link Rehearsal}, in memory: random tracks, each second of them of a few letters, so that it compresses. */
final class RehearsedDisk implements TargetOpener, TrackTarget {
    private static final int SECTOR_BYTES = 512;
    private static final int SECTORS_PER_TRACK = 512;

    private final SessionImage image;
    private final ByteBuffer[] encoded;
    private final ByteBuffer[] written;
    private final byte[] digest;

    RehearsedDisk(int tracks) {
        long sectors = (long) tracks * SECTORS_PER_TRACK;
        Geometry geometry = new Geometry(SECTOR_BYTES, 4, SECTORS_PER_TRACK, sectors);
        TrackSpace space = new TrackSpace(geometry, List.of(new Region(0, 0, sectors, "")));
        this.image = new SessionImage(new UUID(0, 2), "rehearsal", space, 0);
        this.encoded = new ByteBuffer[tracks];
        this.written = new ByteBuffer[tracks];
        ContentDigest content = new ContentDigest(tracks);
        try (TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT)) {
            for (int track = 0; track < tracks; track++) {
                written[track] = ByteBuffer.allocate(geometry.trackBytes());
                encoded[track] = encode(encoder, track, geometry.trackBytes());
                content.set(track, TrackKind.DATA, EncodedTrack.checksum(encoded[track]));
            }
        }
        this.digest = content.digest();
    }

    private static ByteBuffer encode(TrackEncoder encoder, int track, int rawBytes) {
        byte[] raw = new byte[rawBytes];
        new SplittableRandom(track).nextBytes(raw);
        for (int i = 0; track % 2 == 1 && i < raw.length; i++) {
            raw[i] &= 7;
        }
        ByteBuffer out = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(rawBytes));
        encoder.encode(track, ByteBuffer.wrap(raw), out);
        return out;
    }

    SessionImage image() {
        return image;
    }

    /** All tracks, once. */
    TrackSupply supply() {
        return new Supply();
    }

    private final class Supply implements TrackSupply {
        private int position;

        @Override
        public Item next() {
            if (position > encoded.length) {
                return null;
            }
            return position == encoded.length ? new End(digest) : new Data(position);
        }

        @Override
        public void advance() {
            position++;
        }

        @Override
        public ByteBuffer held(int track) {
            return track < encoded.length ? encoded[track].duplicate() : null;
        }

        @Override
        public void request(int track) {
            // All is held, so it is wanted alone.
            try (TrackEncoder encoder = new TrackEncoder(CodecChoice.DEFAULT)) {
                encoded[track] = encode(encoder, track, space().rawBytes(track));
            }
        }

        @Override
        public void forget(int endTrack) {
            // Everything is kept.
        }

        @Override
        public void release(int track) {
            // Everything is kept.
        }
    }

    @Override
    public long deviceBytes() {
        return image.space().geometry().totalSectors() * SECTOR_BYTES;
    }

    @Override
    public int sectorBytes() {
        return SECTOR_BYTES;
    }

    @Override
    public void check(SessionImage announced) {}

    @Override
    public TrackTarget open(SessionImage announced) {
        return this;
    }

    @Override
    public TrackSpace space() {
        return image.space();
    }

    @Override
    public void write(int track, ByteBuffer raw) {
        written[track].clear().put(raw.duplicate());
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {}

    @Override
    public void read(int track, ByteBuffer into) {
        into.put(written[track].clear());
    }

    @Override
    public void sync() {}

    @Override
    public void checkInPlace() {}

    @Override
    public void close() {}
}
