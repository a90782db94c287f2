package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SymbolRun;

/** Where a slot keeps the bytes of its symbols; which symbols they are is the slot's business. */
public interface SymbolStore {
    /** Empties the store for a track of {@code k} source symbols, of which no more than {@code k} symbols will be kept in all. */
    void begin(int k);

    /**
     * Keeps a source symbol.
     *
     * @param run holds {@code symbol}, which may be shorter than {@code symbolBytes} and then counts as padded with zeros
     */
    void putSource(SymbolRun run, int symbol, int symbolBytes);

    /** Keeps a parity symbol of {@code run}; {@code number}: of the rows kept before. */
    void putRow(int number, SymbolRun run, int symbol, int symbolBytes);

    /**
     * All source symbols back to back, recovered from parity where needed.
     *
     * @param k source symbols of the track
     * @param sources bit i: source symbol i was kept
     * @param rowNumbers of the rows, in the order in which they were kept
     */
    ByteBuffer recovered(int k, int symbolBytes, BitSet sources, int[] rowNumbers);
}
