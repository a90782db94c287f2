package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SymbolRun;

/** Symbols in memory: source symbols in one buffer, at their places in the track; parity rows in arrays that are made as they are needed. */
public final class SymbolMemory implements SymbolStore {
    private final ByteBuffer symbols;
    private byte[][] rows = new byte[8][];

    /** {@code symbols}: room for the source symbols of the longest track. */
    public SymbolMemory(ByteBuffer symbols) {
        this.symbols = symbols;
    }

    @Override
    public void putSource(SymbolRun run, int symbol, int symbolBytes) {
        int offset = symbol * symbolBytes;
        for (int i = run.copySymbol(symbol, symbols, offset); i < symbolBytes; i++) {
            symbols.put(offset + i, (byte) 0);
        }
    }

    @Override
    public void putRow(int place, SymbolRun run, int symbol, int symbolBytes) {
        if (place == rows.length) {
            rows = Arrays.copyOf(rows, place * 2);
        }
        if (rows[place] == null || rows[place].length != symbolBytes) {
            rows[place] = new byte[symbolBytes];
        }
        run.copySymbol(symbol, ByteBuffer.wrap(rows[place]), 0);
    }

    @Override
    public ByteBuffer recovered(int k, int symbolBytes, BitSet sources, int[] rowNumbers) {
        ByteBuffer all = symbols.duplicate().position(0).limit(k * symbolBytes);
        if (sources.cardinality() < k) {
            ParityCode.recover(k, symbolBytes, all, sources, rowNumbers, rows);
        }
        return all;
    }
}
