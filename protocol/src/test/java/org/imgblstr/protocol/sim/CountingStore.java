package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.wire.SymbolRun;

/** Counts only: a thousand windows would not fit into memory. */
final class CountingStore implements SymbolStore {
    @Override
    public void begin(int k) {}

    @Override
    public void putSource(SymbolRun run, int symbol, int symbolBytes) {}

    @Override
    public void putRow(int number, SymbolRun run, int symbol, int symbolBytes) {}

    @Override
    public ByteBuffer recovered(int k, int symbolBytes, BitSet sources, int[] rowNumbers) {
        throw new AssertionError("there are no bytes");
    }
}
