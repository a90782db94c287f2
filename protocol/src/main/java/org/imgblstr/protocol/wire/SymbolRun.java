package org.imgblstr.protocol.wire;

import java.nio.ByteBuffer;

/**
 * Consecutive symbols of one track in datagrams with consecutive sequence numbers: what a read of a socket brings mostly. Everything that
 * is done for a symbol is done once for the run instead, but the check and the copy of its bytes. A view that is made to be read again,
 * used up with its batch. One thread.
 */
public final class SymbolRun {
    private static final int SEQUENCE_SHIFT = 32;
    private static final int SYMBOL_SHIFT = 48;
    private static final int GENERATION_SHIFT = 24;
    private static final long PLANNED_MASK = 0xFFFF;

    private final SectorDataFlyweight data = new SectorDataFlyweight();
    private DatagramBatch batch;
    private BufferView view;
    private int firstDatagram;
    private int count;
    private int firstSequence;
    private int track;
    private int firstSymbol;
    private int sourceSymbols;
    private int generation;
    private boolean isFlush;

    /** Whether the datagrams have no CRC to check: they were sealed. */
    private boolean isOpened;

    // The three words before the payload of the first datagram: magic to session; sequence and track; symbol to
    // planned.
    private long startWord;
    private long placeWord;
    private long symbolWord;

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
        view = from.view();
        firstDatagram = first;
        firstSequence = data.sequence();
        track = data.track();
        firstSymbol = data.symbol();
        sourceSymbols = data.sourceSymbols();
        generation = data.generation();
        int session = data.session();
        isOpened = from.isOpened();
        boolean isOpen = isOpen(symbolBytes);
        count = 1;
        beginWith(from.offset(first));
        while (isOpen && first + count < from.count()) {
            if (!follows(first + count)) {
                if (!continues(session, trackCount, symbolBytes)) {
                    break;
                }
                isOpen = isOpen(symbolBytes);
            }
            count++;
        }
        isFlush = wrap(from, first + count - 1).isFlush();
        return true;
    }

    /** The flyweight stands on the last datagram so far: a short symbol or a flush ends the run. */
    private boolean isOpen(int symbolBytes) {
        return data.payloadBytes() == symbolBytes && !data.isFlush();
    }

    private void beginWith(int offset) {
        startWord = view.getLong(offset);
        placeWord = view.getLong(offset + Long.BYTES);
        symbolWord = view.getLong(offset + 2 * Long.BYTES);
    }

    /**
     * Whether a datagram is the first one over again but for sequence, symbol and bytes, which is to be expected: three words instead of
     * ten fields, where each access costs more than a cache line of the payload. What it does not know {@link #continues} looks at.
     */
    private boolean follows(int index) {
        int offset = batch.offset(index);
        int length = batch.length(index);
        if (length != batch.length(firstDatagram)
                || firstSymbol + count >= SectorDataFlyweight.MAX_SYMBOLS
                || view.getLong(offset) != startWord
                || view.getLong(offset + Long.BYTES) != placeWord + ((long) count << SEQUENCE_SHIFT)) {
            return false;
        }
        long word = view.getLong(offset + 2 * Long.BYTES);
        return word >>> GENERATION_SHIFT
                        == (symbolWord >>> GENERATION_SHIFT) + ((long) count << (SYMBOL_SHIFT - GENERATION_SHIFT))
                && (word & PLANNED_MASK) < SectorDataFlyweight.MAX_SYMBOLS
                && (isOpened
                        || view.getInt(offset + length - CommandFlyweight.TRAILER_BYTES)
                                == view.crc32c(offset, length - CommandFlyweight.TRAILER_BYTES));
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
        view = whole.view;
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
        int datagram = firstDatagram + symbol - firstSymbol;
        int bytes = batch.length(datagram) - SectorDataFlyweight.OVERHEAD_BYTES;
        view.copyTo(batch.offset(datagram) + SectorDataFlyweight.PAYLOAD, target, targetOffset, bytes);
        return bytes;
    }
}
