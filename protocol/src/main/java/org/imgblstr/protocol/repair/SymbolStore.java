package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SymbolRun;

/** Where a slot keeps the bytes of its symbols; which symbols they are is the slot's business. */
public interface SymbolStore {
    /**
     * Keeps a source symbol.
     *
     * @param run holds {@code symbol}, which may be shorter than {@code symbolBytes} and then counts as padded with zeros
     */
    void putSource(SymbolRun run, int symbol, int symbolBytes);

    /** Keeps a parity symbol of {@code run} at a place: the number of rows kept before. */
    void putRow(int place, SymbolRun run, int symbol, int symbolBytes);

    /**
     * All source symbols back to back, recovered from parity where needed.
     *
     * @param k source symbols of the track
     * @param sources bit i: source symbol i was kept
     * @param rowNumbers of the rows, by their places
     */
    ByteBuffer recovered(int k, int symbolBytes, BitSet sources, int[] rowNumbers);
}
