package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.imgblstr.protocol.master.TrackSupply;

/**
 * One block of memory with the encoded tracks that are still to be sent and, behind them, those that were sent last. A quarter of it is for
 * the former, as much as evens out reading and encoding: the pipeline waits when it is full. The rest is for the latter: the more there
 * are, the later slaves may say what they lack. The pipeline's (later the repair) thread appends, the event loop takes; memory
 * that the loop was handed is given up by the loop alone.
 */
final class TrackRing implements TrackSupply {
    private static final class Entry {
        final Item item;
        final int track;
        final int offset;
        final int bytes;
        boolean isSent;

        Entry(Item item, int track, int offset, int bytes) {
            this.item = item;
            this.track = track;
            this.offset = offset;
            this.bytes = bytes;
        }
    }

    private final ByteBuffer memory;
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
    private int head;
    private int pendingBytes;
    private int sentBytes;
    private int unsentTracks;
    private boolean isStarved;
    private boolean isClosed;

    /** Takes tracks that the engine wants to be read again. */
    interface RepairRequests {
        void request(int track);
    }

    /**
     * @param bytes of memory
     * @param longestTrackBytes of an encoded track
     * @param onNews called when something arrives that the engine was waiting for; any thread
     */
    TrackRing(int bytes, int longestTrackBytes, Runnable onNews, RepairRequests requests) {
        this.memory = ByteBuffer.allocateDirect(bytes);
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

    // ---- the pipeline's side

    /** Appends a track of the pass; waits for room. Returns false when the ring was closed. */
    boolean append(int track, ByteBuffer encoded) throws InterruptedException {
        return put(new Data(track), track, encoded, true);
    }

    /** Appends a track that was read again. Returns false when the ring was closed. */
    boolean appendRepair(int track, ByteBuffer encoded) throws InterruptedException {
        return put(new Data(track), track, encoded, false);
    }

    /** Appends a skip or the end of the pass, which take no memory. */
    synchronized void append(Item item) {
        unsent.addLast(new Entry(item, -1, 0, 0));
        news();
    }

    /** Part of the room for unsent tracks that is taken; any thread. */
    synchronized double fill() {
        return (double) pendingBytes / mostUnsentBytes;
    }

    /** Data tracks of the pass that the engine has not taken yet; any thread. */
    synchronized int unsentTracks() {
        return unsentTracks;
    }

    private synchronized boolean put(Item item, int track, ByteBuffer encoded, boolean isPass)
            throws InterruptedException {
        int bytes = encoded.remaining();
        while (!isClosed && pendingBytes > 0 && pendingBytes + bytes > mostUnsentBytes) {
            wait();
        }
        if (isClosed) {
            return false;
        }
        if (head + bytes > memory.capacity()) {
            head = 0;
        }
        memory.put(head, encoded, encoded.position(), bytes);
        Entry entry = new Entry(item, track, head, bytes);
        head += bytes;
        pendingBytes += bytes;
        held.addLast(entry);
        byTrack.put(track, entry);
        requested.remove(track);
        if (isPass) {
            unsent.addLast(entry);
            unsentTracks++;
        }
        news();
        return true;
    }

    private void news() {
        if (isStarved) {
            isStarved = false;
            onNews.run();
        }
    }

    /** Lets go of whoever waits; nothing is taken any more. */
    synchronized void close() {
        isClosed = true;
        notifyAll();
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
        return entry == null ? null : memory.slice(entry.offset, entry.bytes);
    }

    @Override
    public synchronized void request(int track) {
        isStarved = true;
        if (requested.add(track)) {
            requests.request(track);
        }
    }

    @Override
    public synchronized void release(int track) {
        Entry entry = byTrack.get(track);
        if (entry != null && !entry.isSent) {
            sent(entry);
        }
    }

    private void sent(Entry entry) {
        entry.isSent = true;
        pendingBytes -= entry.bytes;
        sentBytes += entry.bytes;
        while (sentBytes > mostSentBytes && held.getFirst().isSent) {
            giveUp(held.removeFirst());
        }
        notifyAll();
    }

    private void giveUp(Entry entry) {
        sentBytes -= entry.bytes;
        // The track may be there a second time, read again for a repair.
        byTrack.remove(entry.track, entry);
    }
}
