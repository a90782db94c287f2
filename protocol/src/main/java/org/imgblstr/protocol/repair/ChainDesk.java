package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackDecoder;

/**
 * Puts the complete tracks of a slave into an order in which they can be decoded: tracks that stand alone at once, links of a chain after the
 * links before them. Links that came too early wait here in their slots; those that can never be decoded come back as useless. Few chains are
 * open at a time, as each decoder has some megabytes. One thread; no I/O. Source: docs/decisions/15-chains.md.
 */
public final class ChainDesk implements AutoCloseable {
    /** The chain of the group that is being sent, and those that wait for repairs. */
    static final int MOST_CHAINS = 12;

    private final TrackDecoder alone = new TrackDecoder();
    private final TreeMap<Integer, Chain> chains = new TreeMap<>();
    private final Deque<Turn> ready = new ArrayDeque<>();
    private final List<TrackSlot> useless = new ArrayList<>();
    private final Deque<TrackDecoder> spare = new ArrayDeque<>();

    /** The links of one chain. Broken once a link is known never to be decoded, with all that follow it. */
    private static final class Chain {
        private final TrackDecoder decoder;
        private final TreeMap<Integer, Turn> waiting = new TreeMap<>();
        private int next;
        private boolean isBroken;

        Chain(TrackDecoder decoder) {
            this.decoder = decoder;
        }
    }

    /**
     * A track that is to be decoded now, before any other is taken.
     *
     * @param encoded the encoded track, of which the header was checked
     * @param decoder with which
     */
    public record Turn(TrackSlot slot, ByteBuffer encoded, TrackDecoder decoder) {}

    /**
     * Takes a complete track.
     *
     * @param encoded what it holds, its header checked ({@link TrackDecoder#check}); may be kept until the slot is given back
     * @return whether it waits for links before it; if not, it is among what {@link #poll} or {@link #takeUseless} give
     */
    public boolean take(TrackSlot slot, ByteBuffer encoded) {
        if (!EncodedTrack.isLink(encoded)) {
            ready.add(new Turn(slot, encoded, alone));
            return false;
        }
        Chain chain = chainOf(EncodedTrack.chainStart(encoded));
        int link = EncodedTrack.link(encoded);
        if (chain == null || chain.isBroken || link < chain.next || chain.waiting.containsKey(link)) {
            useless.add(slot);
            return false;
        }
        chain.waiting.put(link, new Turn(slot, encoded, chain.decoder));
        return !readyNext(chain);
    }

    /** The chain that begins at a track; null when it is older than those that are open and there is no room for it. */
    private Chain chainOf(int start) {
        Chain chain = chains.get(start);
        if (chain == null && (chains.size() < MOST_CHAINS || chains.firstKey() < start)) {
            if (chains.size() == MOST_CHAINS) {
                close(chains.remove(leastMissed(start)));
            }
            TrackDecoder decoder = spare.poll();
            chain = new Chain(decoder == null ? new TrackDecoder() : decoder);
            chains.put(start, chain);
        }
        return chain;
    }

    /** Of the chains before {@code start} the oldest for which nothing waits, as it is most likely over; else the oldest. */
    private int leastMissed(int start) {
        for (Map.Entry<Integer, Chain> chain : chains.headMap(start).entrySet()) {
            if (chain.getValue().waiting.isEmpty()) {
                return chain.getKey();
            }
        }
        return chains.firstKey();
    }

    private void close(Chain chain) {
        breakOff(chain);
        spare.add(chain.decoder);
    }

    private boolean readyNext(Chain chain) {
        Turn turn = chain.waiting.remove(chain.next);
        if (turn != null) {
            chain.next++;
            ready.add(turn);
        }
        return turn != null;
    }

    /** The next track that can be decoded, or null. The one before it was decoded, or {@link #onMalformed} was told. */
    public Turn poll() {
        Turn turn = ready.poll();
        if (turn != null && EncodedTrack.isLink(turn.encoded())) {
            readyNext(chains.get(EncodedTrack.chainStart(turn.encoded())));
        }
        return turn;
    }

    /** A track that {@link #poll} gave did not decode: what depends on it never will. */
    public void onMalformed(Turn turn) {
        if (EncodedTrack.isLink(turn.encoded())) {
            int start = EncodedTrack.chainStart(turn.encoded());
            ready.removeIf(other -> {
                boolean isOfChain =
                        EncodedTrack.isLink(other.encoded()) && EncodedTrack.chainStart(other.encoded()) == start;
                if (isOfChain) {
                    useless.add(other.slot());
                }
                return isOfChain;
            });
            breakOff(chains.get(start));
        }
    }

    /** What a link waits for will not come: it and all that wait with it are useless, unless it has been decoded meanwhile. */
    public void giveUp(int track) {
        for (Chain chain : chains.values()) {
            for (Turn turn : chain.waiting.values()) {
                if (turn.slot().track() == track) {
                    breakOff(chain);
                    return;
                }
            }
        }
    }

    private void breakOff(Chain chain) {
        chain.isBroken = true;
        chain.waiting.values().forEach(turn -> useless.add(turn.slot()));
        chain.waiting.clear();
    }

    /** Slots of links that cannot be decoded any more, once. */
    public List<TrackSlot> takeUseless() {
        List<TrackSlot> taken = List.copyOf(useless);
        useless.clear();
        return taken;
    }

    @Override
    public void close() {
        alone.close();
        chains.values().forEach(chain -> chain.decoder.close());
        spare.forEach(TrackDecoder::close);
    }
}
