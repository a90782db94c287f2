package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.protocol.manifest.DigestStore;
import org.imgblstr.protocol.manifest.LateDigests;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.repair.DigestTracks;

/** Where a simulated master's tracks come from: it answers at once, but holds only the last tracks; others are read again. */
final class SimulatedSupply implements TrackSupply {
    private static final int READ_AHEAD = 8;
    private static final long READ_NS = 300_000;

    private final SimulatedLan lan;
    private final SimulatedSource source;
    private final boolean isDelta;
    private final boolean isSealed;
    private final BooleanSupplier isHashing;
    private final LateDigests late = new LateDigests();
    private final BitSet hashed = new BitSet();
    private int readUpTo;
    private int readForDigests;
    private final int changedTrack;
    private final Map<Integer, byte[]> older = new HashMap<>();
    private final Runnable onReady;
    private final Map<Integer, byte[]> reread = new HashMap<>();
    private final Set<Integer> asked = new HashSet<>();
    private final ArrayDeque<Integer> wanted = new ArrayDeque<>();
    private int beingRead;
    private int position;
    private int forgottenUpTo;
    private boolean isEndTaken;
    private boolean isHanging;

    /**
     * For one session.
     *
     * @param isHashing whether digests of tracks that are read now are wanted
     * @param onReady called when a track was read again
     */
    SimulatedSupply(
            SimulatedLan lan,
            SimulatedSource source,
            boolean isDelta,
            boolean isSealed,
            int changedTrack,
            BooleanSupplier isHashing,
            Runnable onReady) {
        this.changedTrack = changedTrack;
        this.isSealed = isSealed;
        this.isHashing = isHashing;
        this.lan = lan;
        this.source = source;
        this.isDelta = isDelta;
        this.onReady = onReady;
    }

    /** Nothing comes any more, or again. */
    void hang(boolean value) {
        isHanging = value;
    }

    /** Tracks that were asked for and not released. */
    int askedTracks() {
        return asked.size();
    }

    @Override
    public Item next() {
        if (isEndTaken || isHanging) {
            return null;
        }
        if (position == source.trackCount()) {
            return new End(source.digest());
        }
        if (isDelta) {
            return new Leaves(position, isSealed ? entry(position) : leaf(position));
        }
        readAhead();
        if (source.kind(position).isEncoded()) {
            return new Data(position);
        }
        int end = position;
        while (end < source.trackCount() && source.kind(end) == source.kind(position)) {
            end++;
        }
        return new Skip(position, end - position, source.kind(position));
    }

    /** Tracks are read, and hashed, a little before they are sent. */
    private void readAhead() {
        int end = Math.min(source.trackCount(), position + READ_AHEAD);
        for (; readUpTo < end; readUpTo++) {
            hashed.set(readUpTo, isHashing.getAsBoolean());
        }
    }

    @Override
    public byte[] digest(int track) {
        return isSealed && hashed.get(track) ? sha256(track) : null;
    }

    private byte[] sha256(int track) {
        return source.sha256(track == changedTrack ? track + 1 : track);
    }

    @Override
    public void wantDigest(int track, boolean isNow) {
        if (!isNow) {
            late.want(track);
        } else if (late.wantNow(track)) {
            lan.at(lan.nowNs() + READ_NS, () -> {
                late.found(track, sha256(track));
                readForDigests++;
                onReady.run();
            });
        }
    }

    @Override
    public void takeDigests(LateDigests.Taker taker) {
        late.take(taker);
    }

    /** Tracks that were read again for their digests alone. */
    int readForDigests() {
        return readForDigests;
    }

    @Override
    public DigestStore olderDigests() {
        return new DigestStore() {
            @Override
            public void put(int chunk, byte[] digests) {
                older.put(chunk, digests);
            }

            @Override
            public byte[] get(int chunk) {
                return older.get(chunk);
            }
        };
    }

    private ByteBuffer entry(int track) {
        ByteBuffer entry = ByteBuffer.allocate(ManifestTracks.ENTRY_BYTES);
        entry.put((byte) source.kind(track).code());
        if (source.kind(track).isEncoded()) {
            entry.put(source.sha256(track));
        }
        return entry.clear();
    }

    private ByteBuffer leaf(int track) {
        ByteBuffer leaf = ByteBuffer.allocate(DigestTracks.LEAF_BYTES);
        boolean isEncoded = source.kind(track).isEncoded();
        DigestTracks.put(
                leaf,
                source.kind(track),
                isEncoded
                        ? EncodedTrack.leaf(ByteBuffer.wrap(source.alone(track)))
                        : TrackChecksum.of(ByteBuffer.wrap(source.raw(track))));
        return leaf.flip();
    }

    @Override
    public void advance() {
        Item item = next();
        if (item instanceof Skip skip) {
            position += skip.count();
        } else if (item instanceof Data || item instanceof Leaves) {
            position++;
        } else {
            isEndTaken = true;
        }
    }

    @Override
    public ByteBuffer held(int track) {
        boolean isRecent = !isDelta
                && track <= position
                && track >= Math.max(forgottenUpTo, position - lan.heldTracks() + 1)
                && !isEndTaken;
        byte[] bytes = isRecent ? reread.getOrDefault(track, source.encoded(track)) : reread.get(track);
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    @Override
    public void forget(int endTrack) {
        forgottenUpTo = Math.max(forgottenUpTo, Math.min(endTrack, position));
    }

    @Override
    public void request(int track) {
        if (asked.add(track)) {
            wanted.add(track);
            readAgain();
        }
    }

    /** As many as there is room for: the next is read when one was released. */
    private void readAgain() {
        if (!wanted.isEmpty() && reread.size() + beingRead < lan.heldTracks()) {
            int track = wanted.remove();
            beingRead++;
            lan.at(lan.nowNs() + READ_NS, () -> {
                beingRead--;
                if (late.isWanted(track)) {
                    late.found(track, sha256(track));
                }
                reread.put(track, source.alone(track));
                onReady.run();
                readAgain();
            });
        }
    }

    @Override
    public void release(int track) {
        if (reread.remove(track) != null) {
            asked.remove(track);
            readAgain();
        }
    }
}
