package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.master.TrackSupply;
import org.imgblstr.protocol.session.SessionImage;

/**
 * A large source disk without content: every track has the same bytes but for its header. As the master's ring does, it holds the last
 * tracks sent; older ones must be read again, which takes its time.
 */
final class RoomSource implements TrackSupply {
    /** What half of the master's ring of 128 MiB holds. */
    static final int HELD_TRACKS = 255;

    private static final int TRACK_FIELD = 4;
    private static final int CHECKSUM_FIELD = 16;

    /** Reading a track again: 500 MB/s. */
    private static final long READ_NS = 500_000;

    /** Tracks read again and held at a time. */
    private static final int MAX_READ_AGAIN = 255;

    final SessionImage image;
    private final RoomClock clock;
    private final Runnable onNews;
    private final ByteBuffer encoded;
    private final Set<Integer> asked = new HashSet<>();
    private final Set<Integer> readAgain = new HashSet<>();
    private long readerFreeNs;
    private int position;
    private boolean isEndTaken;

    RoomSource(long bytes, RoomClock clock, Runnable onNews) {
        Geometry geometry = Geometry.of(512, bytes / 512);
        TrackSpace space = new TrackSpace(geometry, List.of(new Region(0, 0, bytes / 512, "")));
        this.image = new SessionImage(new UUID(1, 2), "room", space, 0);
        this.clock = clock;
        this.onNews = onNews;
        this.encoded = ByteBuffer.allocateDirect(EncodedTrack.HEADER_BYTES + geometry.trackBytes());
    }

    /** What stands for the checksum of a track. */
    static long checksum(int track) {
        return track * 0x9E37_79B9_7F4A_7C15L;
    }

    int trackCount() {
        return image.space().trackCount();
    }

    /** Source symbols of all tracks. */
    long symbols(int symbolBytes) {
        long symbols = 0;
        for (int track = 0; track < trackCount(); track++) {
            symbols += (bytes(track) + symbolBytes - 1) / symbolBytes;
        }
        return symbols;
    }

    private int bytes(int track) {
        return EncodedTrack.HEADER_BYTES + image.space().rawBytes(track);
    }

    private byte[] digest() {
        ContentDigest digest = new ContentDigest(trackCount());
        for (int track = 0; track < trackCount(); track++) {
            digest.set(track, TrackKind.DATA, checksum(track));
        }
        return digest.digest();
    }

    @Override
    public Item next() {
        if (isEndTaken) {
            return null;
        }
        return position < trackCount() ? new Data(position) : new End(digest());
    }

    @Override
    public void advance() {
        isEndTaken = position == trackCount();
        position = Math.min(trackCount(), position + 1);
    }

    @Override
    public ByteBuffer held(int track) {
        boolean isRecent = track <= position && track > position - HELD_TRACKS;
        if (!isRecent && !readAgain.contains(track)) {
            return null;
        }
        encoded.putInt(TRACK_FIELD, track).putLong(CHECKSUM_FIELD, checksum(track));
        return encoded.limit(bytes(track));
    }

    @Override
    public void request(int track) {
        if (asked.size() < MAX_READ_AGAIN && asked.add(track)) {
            readerFreeNs = Math.max(readerFreeNs, clock.nowNs()) + READ_NS;
            clock.at(readerFreeNs, () -> {
                readAgain.add(track);
                onNews.run();
            });
        }
    }

    @Override
    public void release(int track) {
        readAgain.remove(track);
        asked.remove(track);
    }
}
