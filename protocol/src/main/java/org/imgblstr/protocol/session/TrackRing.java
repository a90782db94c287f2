package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.imgblstr.protocol.manifest.DigestStore;
import org.imgblstr.protocol.manifest.LateDigests;
import org.imgblstr.protocol.manifest.TrackDigester;
import org.imgblstr.protocol.manifest.store.DigestFile;
import org.imgblstr.protocol.master.tracks.TrackSupply;

/**
 * The encoded tracks that are still to be sent and, behind them, those that were sent last, until every slave has them. A quarter of the memory
 * is for the former, as much as evens out reading and encoding: the pipeline waits when it is full. The rest is for the latter: the more there
 * are, the later slaves may say what they lack. The pipeline's (later the repair) thread appends, the event loop takes; memory
 * that the loop was handed is given up by the loop alone.
 *
 * <p>Tracks that shrank are copied one after the other into one block. Tracks that did not shrink are not copied: the ring keeps the caller's
 * buffer and hands back one that it no longer needs, the most recently used first, because that one is still in the cache. Few of these
 * tracks wait unsent, since reading more is quick.
 */
final class TrackRing implements TrackSupply {
    private static final class Entry {
        final Item item;
        final int track;
        final ByteBuffer memory;
        final int offset;
        final int bytes;
        /** Whether the track came with its memory. */
        final boolean isOwn;
        /** Null when it was not computed. */
        final byte[] digest;

        boolean isSent;

        Entry(Item item, int track, ByteBuffer memory, int offset, int bytes, boolean isOwn, byte[] digest) {
            this.digest = digest;
            this.item = item;
            this.track = track;
            this.memory = memory;
            this.offset = offset;
            this.bytes = bytes;
            this.isOwn = isOwn;
        }
    }

    /** Tracks that came with their memory and wait to be sent: 2 MiB of the 32 that may wait. */
    private static final int OWN_PART = 16;

    /**
     * A track that leaves this part of its memory free has shrunk. Kept with its memory, the track would take more
     * room than it is counted for.
     */
    private static final int SHRUNK_PART = 32;

    /**
     * A thread that waits for room is woken when this part of the room is free, because one wake-up per track costs
     * more than the copy of the track.
     */
    private static final int WAKING_PART = 4;

    private final int capacityBytes;
    private final IntFunction<ByteBuffer> allocator;
    private final Object allocating = new Object();
    private ByteBuffer memory;
    private final int mostUnsentBytes;
    private final int mostSentBytes;
    private final Runnable onNews;
    private final RepairRequests requests;
    /** Oldest first: what is in memory. */
    private final ArrayDeque<Entry> held = new ArrayDeque<>();
    /** Oldest first: what the pass has not taken yet. */
    private final ArrayDeque<Entry> unsent = new ArrayDeque<>();

    private final Map<Integer, Entry> byTrack = new HashMap<>();
    private final Set<Integer> requested = new HashSet<>();
    /** Memory of tracks that came with it and are no longer held. What was used last is at the end. */
    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();

    /** Null in an open session. */
    private TrackDigester digester;

    private DigestFile olderDigests;
    private BooleanSupplier isHashing = () -> false;
    private final LateDigests late = new LateDigests();
    private int head;
    private int pendingBytes;
    /** The part of {@link #pendingBytes} that came with its memory. */
    private int pendingOwnBytes;

    private int sentBytes;
    private int unsentTracks;
    private boolean isStarved;
    private boolean isClosed;

    /** Takes tracks that the engine wants to be read again. */
    interface RepairRequests {
        /** {@code isForDigest}: nobody wants the track itself. */
        void request(int track, boolean isForDigest);
    }

    /**
     * @param bytes of memory that tracks are copied into
     * @param allocator makes that memory, when the first track is copied: at least as many bytes as it is asked for. Tens of milliseconds, in
     *     which a session may open and slaves may join; and tracks that come with their memory need none
     * @param longestTrackBytes of an encoded track
     * @param onNews called when something arrives that the engine was waiting for; any thread
     */
    TrackRing(
            int bytes,
            IntFunction<ByteBuffer> allocator,
            int longestTrackBytes,
            Runnable onNews,
            RepairRequests requests) {
        this.capacityBytes = bytes;
        this.allocator = allocator;
        // A track that does not fit before the end of the memory leaves a gap of less than one track there.
        this.mostUnsentBytes = bytes / 4 - longestTrackBytes;
        this.mostSentBytes = bytes - bytes / 4 - longestTrackBytes;
        if (mostUnsentBytes < longestTrackBytes) {
            throw new IllegalArgumentException("ring: " + bytes + " bytes for tracks of " + longestTrackBytes);
        }
        this.onNews = onNews;
        this.requests = requests;
    }

    /** Tracks behind the newest that are always held, if the longest is {@code longestTrackBytes}. */
    int guaranteedTracks(int longestTrackBytes) {
        return mostSentBytes / longestTrackBytes;
    }

    /** The session is sealed: tracks of the pass that come without a digest are hashed, while {@code newIsHashing} says so. Before the first. */
    TrackRing hashing(TrackDigester newDigester, DigestFile newOlderDigests, BooleanSupplier newIsHashing) {
        digester = newDigester;
        olderDigests = newOlderDigests;
        isHashing = newIsHashing;
        return this;
    }

    private byte[] digestOf(int track, ByteBuffer encoded, byte[] known) {
        if (digester == null) {
            return null;
        }
        if (known == null && isHashing.getAsBoolean()) {
            return digester.digest(track, encoded);
        }
        digester.leaveOut();
        return known;
    }

    // ---- the pipeline's side

    /** Appends a track of the pass; waits for room. {@code known}: as below. Returns false when the ring was closed. */
    boolean append(int track, ByteBuffer encoded, byte[] known) throws InterruptedException {
        return put(memory(), track, encoded, true, digestOf(track, encoded, known));
    }

    /**
     * As {@link #append(int, ByteBuffer, byte[])}, but a track that did not shrink comes with its memory, which is all of {@code encoded}.
     *
     * @param known SHA-256 of the raw bytes; null when it was not computed
     * @return {@code encoded} when it was copied, or the ring was closed; else memory for it, as large, or null when there is none
     */
    ByteBuffer exchange(int track, ByteBuffer encoded, byte[] known) throws InterruptedException {
        byte[] digest = digestOf(track, encoded, known);
        if (encoded.remaining() <= encoded.capacity() - encoded.capacity() / SHRUNK_PART) {
            put(memory(), track, encoded, true, digest);
            return encoded;
        }
        return takeOver(track, encoded, digest);
    }

    private synchronized ByteBuffer takeOver(int track, ByteBuffer encoded, byte[] digest) throws InterruptedException {
        int bytes = encoded.remaining();
        while (!isClosed && pendingOwnBytes > 0 && pendingOwnBytes + bytes > mostUnsentBytes / OWN_PART) {
            wait();
        }
        if (!awaitRoom(bytes)) {
            return encoded;
        }
        pendingOwnBytes += bytes;
        hold(new Entry(new Data(track), track, encoded, encoded.position(), bytes, true, digest), true);
        return spare.pollLast();
    }

    /** Appends a track that was read again. Returns false when the ring was closed. */
    boolean appendRepair(int track, ByteBuffer encoded) throws InterruptedException {
        return put(memory(), track, encoded, false, null);
    }

    /** Digests of tracks that are wanted when they are read again. */
    LateDigests late() {
        return late;
    }

    /** A digest of {@link #late} was found. */
    synchronized void digestNews() {
        isStarved = true;
        news();
    }

    /** Appends a skip or the end of the pass, which take no memory. */
    synchronized void append(Item item) {
        unsent.addLast(new Entry(item, -1, null, 0, 0, false, null));
        news();
    }

    /** Part of the room for unsent tracks that is taken; any thread. */
    synchronized double fill() {
        return Math.max((double) pendingBytes / mostUnsentBytes, (double) pendingOwnBytes * OWN_PART / mostUnsentBytes);
    }

    /** Data tracks of the pass that the engine has not taken yet; any thread. */
    synchronized int unsentTracks() {
        return unsentTracks;
    }

    /** Not under the lock of the ring: the event loop would wait for it. */
    private ByteBuffer memory() {
        synchronized (allocating) {
            if (memory == null) {
                memory = allocator.apply(capacityBytes);
            }
            return memory;
        }
    }

    private synchronized boolean put(ByteBuffer memory, int track, ByteBuffer encoded, boolean isPass, byte[] digest)
            throws InterruptedException {
        int bytes = encoded.remaining();
        if (!awaitRoom(bytes)) {
            return false;
        }
        if (head + bytes > capacityBytes) {
            head = 0;
        }
        memory.put(head, encoded, encoded.position(), bytes);
        Entry entry = new Entry(new Data(track), track, memory, head, bytes, false, digest);
        head += bytes;
        hold(entry, isPass);
        return true;
    }

    /** False when the ring was closed. */
    private boolean awaitRoom(int bytes) throws InterruptedException {
        while (!isClosed && pendingBytes > 0 && pendingBytes + bytes > mostUnsentBytes) {
            wait();
        }
        return !isClosed;
    }

    private void hold(Entry entry, boolean isPass) {
        pendingBytes += entry.bytes;
        held.addLast(entry);
        byTrack.put(entry.track, entry);
        requested.remove(entry.track);
        if (isPass) {
            unsent.addLast(entry);
            unsentTracks++;
        }
        news();
    }

    private void news() {
        if (isStarved) {
            isStarved = false;
            onNews.run();
        }
    }

    /** Wakes all threads that wait; the ring takes no more tracks. */
    synchronized void close() {
        isClosed = true;
        notifyAll();
        if (olderDigests != null) {
            olderDigests.close();
        }
    }

    // ---- the engine's side

    @Override
    public synchronized Item next() {
        Entry entry = unsent.peekFirst();
        isStarved = entry == null;
        return entry == null ? null : entry.item;
    }

    @Override
    public synchronized void advance() {
        Entry entry = unsent.removeFirst();
        if (entry.track >= 0) {
            unsentTracks--;
            sent(entry);
        }
    }

    @Override
    public synchronized ByteBuffer held(int track) {
        Entry entry = byTrack.get(track);
        return entry == null ? null : entry.memory.slice(entry.offset, entry.bytes);
    }

    @Override
    public synchronized byte[] digest(int track) {
        Entry entry = byTrack.get(track);
        return entry == null ? null : entry.digest;
    }

    @Override
    public void wantDigest(int track, boolean isNow) {
        if (!isNow) {
            late.want(track);
        } else if (late.wantNow(track)) {
            requests.request(track, true);
        }
    }

    @Override
    public void takeDigests(LateDigests.Taker taker) {
        late.take(taker);
    }

    @Override
    public DigestStore olderDigests() {
        return olderDigests;
    }

    @Override
    public synchronized void request(int track) {
        isStarved = true;
        if (requested.add(track)) {
            requests.request(track, false);
        }
    }

    @Override
    public synchronized void release(int track) {
        Entry entry = byTrack.get(track);
        if (entry != null && !entry.isSent) {
            sent(entry);
        }
    }

    @Override
    public synchronized void forget(int endTrack) {
        while (!held.isEmpty() && held.getFirst().isSent && held.getFirst().track < endTrack) {
            giveUp(held.removeFirst());
        }
    }

    private void sent(Entry entry) {
        entry.isSent = true;
        pendingBytes -= entry.bytes;
        pendingOwnBytes -= entry.isOwn ? entry.bytes : 0;
        sentBytes += entry.bytes;
        while (sentBytes > mostSentBytes && held.getFirst().isSent) {
            giveUp(held.removeFirst());
        }
        if (isEnoughFree(pendingBytes, mostUnsentBytes) && isEnoughFree(pendingOwnBytes, mostUnsentBytes / OWN_PART)) {
            notifyAll();
        }
    }

    private static boolean isEnoughFree(int bytes, int most) {
        return bytes <= most - most / WAKING_PART;
    }

    private void giveUp(Entry entry) {
        sentBytes -= entry.bytes;
        // The track may be there a second time, read again for a repair.
        byTrack.remove(entry.track, entry);
        if (entry.isOwn) {
            spare.addLast(entry.memory);
        }
    }
}
