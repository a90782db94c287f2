package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SymbolRun;

/**
 * Symbols in memory, all in one buffer: source symbols at their places in the track, parity rows at places of source symbols that are missing.
 * As k symbols of either kind are kept at most, there is always such a place, and a slot never takes more memory than its track.
 */
public final class SymbolMemory implements SymbolStore {
    /** As many as the longest symbol has: the last one of a track of long symbols lacks thousands. */
    private static final byte[] ZEROS = new byte[1 << 16];

    private final ByteBuffer symbols;
    /** The places in use, by either kind. */
    private final BitSet taken = new BitSet();

    private int[] rowPlaces = new int[8];
    private int rowCount;

    /** {@code symbols}: room for the source symbols of the longest track. */
    public SymbolMemory(ByteBuffer symbols) {
        this.symbols = symbols;
    }

    @Override
    public void begin(int k) {
        taken.clear();
        rowCount = 0;
    }

    @Override
    public void putSource(SymbolRun run, int symbol, int symbolBytes) {
        if (taken.get(symbol)) {
            moveRowFrom(symbol, symbolBytes);
        }
        put(run, symbol, symbol, symbolBytes);
    }

    @Override
    public void putRow(int number, SymbolRun run, int symbol, int symbolBytes) {
        if (number == rowPlaces.length) {
            rowPlaces = Arrays.copyOf(rowPlaces, number * 2);
        }
        int place = taken.nextClearBit(0);
        rowPlaces[number] = place;
        rowCount = number + 1;
        put(run, symbol, place, symbolBytes);
    }

    private void moveRowFrom(int place, int symbolBytes) {
        for (int row = 0; row < rowCount; row++) {
            if (rowPlaces[row] == place) {
                int other = taken.nextClearBit(0);
                symbols.put(other * symbolBytes, symbols, place * symbolBytes, symbolBytes);
                rowPlaces[row] = other;
                taken.set(other);
            }
        }
    }

    private void put(SymbolRun run, int symbol, int place, int symbolBytes) {
        int offset = place * symbolBytes;
        int copied = run.copySymbol(symbol, symbols, offset);
        symbols.put(offset + copied, ZEROS, 0, symbolBytes - copied);
        taken.set(place);
    }

    @Override
    public ByteBuffer recovered(int k, int symbolBytes, BitSet sources, int[] rowNumbers) {
        ByteBuffer all = symbols.duplicate().position(0).limit(k * symbolBytes);
        int missing = k - sources.cardinality();
        if (missing > 0) {
            ParityCode.recover(k, symbolBytes, all, sources, rowNumbers, rows(missing, symbolBytes));
        }
        return all;
    }

    private byte[][] rows(int count, int symbolBytes) {
        byte[][] rows = new byte[count][symbolBytes];
        for (int row = 0; row < count; row++) {
            symbols.get(rowPlaces[row] * symbolBytes, rows[row]);
        }
        return rows;
    }
}
