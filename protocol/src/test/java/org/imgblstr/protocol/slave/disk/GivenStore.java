package org.imgblstr.protocol.slave.disk;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.wire.SymbolRun;

/** Gives the bytes that a test put there. */
final class GivenStore implements SymbolStore {
    ByteBuffer content;

    @Override
    public void begin(int k) {}

    @Override
    public void putSource(SymbolRun run, int symbol, int symbolBytes) {}

    @Override
    public void putRow(int number, SymbolRun run, int symbol, int symbolBytes) {}

    @Override
    public ByteBuffer recovered(int k, int symbolBytes, BitSet sources, int[] rowNumbers) {
        return content;
    }
}
