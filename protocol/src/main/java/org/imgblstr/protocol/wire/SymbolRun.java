package org.imgblstr.protocol.wire;

import java.nio.ByteBuffer;

/**
 * Consecutive symbols of one track in datagrams with consecutive sequence numbers: what a read of a socket brings mostly. Everything that
 * is done for a symbol is done once for the run instead, but the check and the copy of its bytes. A view that is made to be read again,
 * used up with its batch. One thread.
 */
public final class SymbolRun {
    private final SectorDataFlyweight data = new SectorDataFlyweight();
    private DatagramBatch batch;
    private int firstDatagram;
    private int count;
    private int firstSequence;
    private int track;
    private int firstSymbol;
    private int sourceSymbols;
    private int generation;
    private boolean isFlush;

    /**
     * Reads the longest run that begins with a datagram of a batch. Those after it are checked in full, bytes included.
     *
     * @param from a batch of datagrams
     * @param first index of one that is sound
     * @param trackCount tracks of the session
     * @param symbolBytes S of the session
     * @return false when that datagram is no valid Sector Data; the run is undefined then
     */
    public boolean read(DatagramBatch from, int first, int trackCount, int symbolBytes) {
        if (!wrap(from, first).isValid(trackCount, symbolBytes)) {
            return false;
        }
        batch = from;
        firstDatagram = first;
        firstSequence = data.sequence();
        track = data.track();
        firstSymbol = data.symbol();
        sourceSymbols = data.sourceSymbols();
        generation = data.generation();
        int session = data.session();
        count = 1;
        while (mayGoOn(symbolBytes) && continues(session, trackCount, symbolBytes)) {
            count++;
        }
        isFlush = wrap(from, first + count - 1).isFlush();
        return true;
    }

    /** The flyweight stands on the last datagram so far: a short symbol or a flush ends the run. */
    private boolean mayGoOn(int symbolBytes) {
        return firstDatagram + count < batch.count() && data.payloadBytes() == symbolBytes && !data.isFlush();
    }

    private boolean continues(int session, int trackCount, int symbolBytes) {
        int next = firstDatagram + count;
        return batch.length(next) >= SectorDataFlyweight.OVERHEAD_BYTES
                && wrap(batch, next).isValid(trackCount, symbolBytes)
                && data.session() == session
                && data.sequence() == firstSequence + count
                && data.track() == track
                && data.symbol() == firstSymbol + count
                && data.sourceSymbols() == sourceSymbols
                && data.generation() == generation
                && batch.isSound(next);
    }

    private SectorDataFlyweight wrap(DatagramBatch from, int index) {
        return data.wrap(from.buffer(), from.offset(index), from.length(index));
    }

    /** Makes this a part of another run: {@code partCount} symbols, at least 1, from its {@code from}-th on. */
    public SymbolRun part(SymbolRun whole, int from, int partCount) {
        batch = whole.batch;
        firstDatagram = whole.firstDatagram + from;
        count = partCount;
        firstSequence = whole.firstSequence + from;
        track = whole.track;
        firstSymbol = whole.firstSymbol + from;
        sourceSymbols = whole.sourceSymbols;
        generation = whole.generation;
        isFlush = whole.isFlush && from + partCount == whole.count;
        return this;
    }

    /** Symbols in the run, at least 1. */
    public int count() {
        return count;
    }

    /** Sequence number of the first datagram; the others follow without a gap. */
    public int firstSequence() {
        return firstSequence;
    }

    public int track() {
        return track;
    }

    /** Symbol of the first datagram; the others follow without a gap. Those below {@link #sourceSymbols} are source symbols. */
    public int firstSymbol() {
        return firstSymbol;
    }

    /** The symbol after the last one. */
    public int endSymbol() {
        return firstSymbol + count;
    }

    /** k: source symbols of the track. */
    public int sourceSymbols() {
        return sourceSymbols;
    }

    public int generation() {
        return generation;
    }

    /** Whether the run ends with Sector Data &amp; Flush. */
    public boolean isFlush() {
        return isFlush;
    }

    /** Copies a symbol of the run to {@code target}, from index {@code targetOffset} on. Returns its length. Moves no position. */
    public int copySymbol(int symbol, ByteBuffer target, int targetOffset) {
        wrap(batch, firstDatagram + symbol - firstSymbol).copyPayload(target, targetOffset);
        return data.payloadBytes();
    }
}
