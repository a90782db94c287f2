package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SymbolRun;

/** Symbols in memory: source symbols in one buffer, at their places in the track; parity rows in arrays that are made as they are needed. */
public final class SymbolMemory implements SymbolStore {
    /** As many as the longest symbol has: the last one of a track of long symbols lacks thousands. */
    private static final byte[] ZEROS = new byte[1 << 16];

    private final ByteBuffer symbols;
    private byte[][] rows = new byte[8][];

    /** {@code symbols}: room for the source symbols of the longest track. */
    public SymbolMemory(ByteBuffer symbols) {
        this.symbols = symbols;
    }

    @Override
    public void putSource(SymbolRun run, int symbol, int symbolBytes) {
        int offset = symbol * symbolBytes;
        int copied = run.copySymbol(symbol, symbols, offset);
        symbols.put(offset + copied, ZEROS, 0, symbolBytes - copied);
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
