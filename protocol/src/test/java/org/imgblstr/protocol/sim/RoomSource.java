package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.manifest.DigestStore;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.sealing.primitive.Hashing;

/**
 * A large source disk without content: every track has the same bytes but for its header, and a checksum and a digest that only it has. As the master's ring does, it holds the last
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
    private final byte[][] digestTracks;
    private final DigestStore older = new Older();
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
        this.digestTracks = new byte[ManifestTracks.count(space.trackCount())][];
        for (int chunk = 0; chunk < digestTracks.length; chunk++) {
            digestTracks[chunk] = digestTrack(chunk, space.trackCount());
        }
    }

    /** Raw bytes of a digest track of a sealed session; {@link CountedSealing} signs with zeros. */
    private static byte[] digestTrack(int chunk, int trackCount) {
        ByteBuffer raw = ByteBuffer.allocate(ManifestTracks.rawBytes(trackCount + chunk, trackCount));
        int first = chunk * ManifestTracks.CHUNK_TRACKS;
        int end = Math.min(trackCount, first + ManifestTracks.CHUNK_TRACKS);
        for (int track = first; track < end; track++) {
            raw.put((byte) TrackKind.DATA.code()).put(sha256(track));
        }
        return raw.array();
    }

    /** What a slave reads in a digest track of a sealed session. */
    ByteBuffer digestTrack(int digestTrack) {
        return ByteBuffer.wrap(digestTracks[digestTrack - trackCount()]).asReadOnlyBuffer();
    }

    /** What stands for the checksum of a track. */
    static long checksum(int track) {
        return track * 0x9E37_79B9_7F4A_7C15L;
    }

    /** What stands for the SHA-256 of a track: 32 bytes that do not shrink. */
    static byte[] sha256(int track) {
        byte[] digest = new byte[Hashing.DIGEST_BYTES];
        new SplittableRandom(track).nextBytes(digest);
        return digest;
    }

    @Override
    public byte[] digest(int track) {
        return sha256(track);
    }

    @Override
    public void wantDigest(int track, boolean isNow) {
        throw new AssertionError("the pass has given the digest of track " + track);
    }

    @Override
    public DigestStore olderDigests() {
        return older;
    }

    int trackCount() {
        return image.space().trackCount();
    }

    /** Source symbols of all tracks of the image. */
    long symbols(int symbolBytes) {
        long symbols = 0;
        for (int track = 0; track < trackCount(); track++) {
            symbols += (bytes(track, isLinked) + symbolBytes - 1) / symbolBytes;
        }
        return symbols;
    }

    /** Source symbols of all digest tracks, as many as they have when they do not shrink. */
    long digestSymbols(int symbolBytes) {
        long symbols = 0;
        for (byte[] raw : digestTracks) {
            symbols += (EncodedTrack.HEADER_BYTES + raw.length + symbolBytes - 1) / symbolBytes;
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

    private byte[] contentDigest() {
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
        return position < trackCount() ? new Data(position) : new End(contentDigest());
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

    /** Not counted as the master's heap: its program has a file for them. */
    private static final class Older implements DigestStore {
        private final Map<Integer, byte[]> digests = new HashMap<>();

        @Override
        public void put(int chunk, byte[] ofChunk) {
            digests.put(chunk, ofChunk);
        }

        @Override
        public byte[] get(int chunk) {
            return digests.get(chunk);
        }
    }
}
