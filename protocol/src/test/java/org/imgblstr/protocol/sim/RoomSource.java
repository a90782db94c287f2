package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.master.tracks.TrackSupply;

/**
 * A large source disk without content: every track has the same bytes but for its header. As the master's ring does, it holds the last
 * tracks sent; older ones must be read again, which takes its time.
 */
final class RoomSource implements TrackSupply {
    /** What three quarters of the master's ring of 128 MiB hold. */
    static final int HELD_TRACKS = 383;

    private static final int LINK_FIELD = 1;
    private static final int BACK_FIELD = 2;
    private static final int TRACK_FIELD = 4;
    private static final int CHECKSUM_FIELD = 16;

    /** Reading a track again: 500 MB/s. */
    private static final long READ_NS = 500_000;

    /** Tracks read again and held at a time. */
    private static final int MAX_READ_AGAIN = 255;

    final SessionImage image;
    private final RoomClock clock;
    private final Runnable onNews;
    private final boolean isLinked;
    private final int heldTracks;
    private final ByteBuffer encoded;
    private final Set<Integer> asked = new HashSet<>();
    private final Set<Integer> readAgain = new HashSet<>();
    private long readerFreeNs;
    private int position;
    private int forgottenUpTo;
    private boolean isEndTaken;

    RoomSource(long bytes, boolean isLinked, RoomClock clock, Runnable onNews) {
        Geometry geometry = Geometry.of(512, bytes / 512);
        TrackSpace space = new TrackSpace(geometry, List.of(new Region(0, 0, bytes / 512, "")));
        this.image = new SessionImage(new UUID(1, 2), "room", space, 0);
        this.isLinked = isLinked;
        // The ring has so many bytes, whatever the tracks are.
        this.heldTracks = isLinked ? 2 * HELD_TRACKS : HELD_TRACKS;
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
            symbols += (bytes(track, isLinked) + symbolBytes - 1) / symbolBytes;
        }
        return symbols;
    }

    private int bytes(int track, boolean isLink) {
        long raw = image.space().rawBytes(track);
        long payload = isLink ? raw / 2 : isLinked ? raw * 6 / 10 : raw;
        return EncodedTrack.HEADER_BYTES + (int) payload;
    }

    /** The header of a link: which it is of its chain. */
    static ByteBuffer putLink(ByteBuffer header, int track) {
        int start = EncodedTrack.groupStart(track);
        return header.put(0, (byte) CodecId.LINK.code())
                .put(LINK_FIELD, (byte) (track - start))
                .put(BACK_FIELD, (byte) (track - start))
                .putInt(TRACK_FIELD, track);
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
        boolean isRecent = track <= position && track >= Math.max(forgottenUpTo, position - heldTracks + 1);
        if (!isRecent && !readAgain.contains(track)) {
            return null;
        }
        boolean isLink = isLinked && !readAgain.contains(track);
        if (isLink) {
            putLink(encoded, track);
        } else {
            encoded.putInt(0, 0);
        }
        encoded.putInt(TRACK_FIELD, track).putLong(CHECKSUM_FIELD, checksum(track));
        return encoded.duplicate().limit(bytes(track, isLink));
    }

    @Override
    public void forget(int endTrack) {
        forgottenUpTo = Math.max(forgottenUpTo, Math.min(endTrack, position));
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
