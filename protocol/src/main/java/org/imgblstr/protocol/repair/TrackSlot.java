package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SymbolRun;

/**
 * The symbols of one track that a slave holds. Filled by the event loop; handed to a disk worker once any k symbols are there, which then
 * has it to itself until it gives it back.
 */
public final class TrackSlot {
    private final SymbolStore store;
    private final BitSet sources = new BitSet();
    private int[] rowNumbers = new int[8];
    private int rowCount;
    private int sourceCount;
    private int track;
    private int generation;
    private int symbolCount;
    private int symbolBytes;

    /** {@code store}: room for the source symbols of the longest track. */
    TrackSlot(SymbolStore store) {
        this.store = store;
    }

    /** Empties the slot for a track of {@code symbolCount} source symbols. */
    void begin(int newTrack, int newGeneration, int newSymbolCount, int newSymbolBytes) {
        track = newTrack;
        generation = newGeneration;
        symbolCount = newSymbolCount;
        symbolBytes = newSymbolBytes;
        sources.clear();
        sourceCount = 0;
        rowCount = 0;
        store.begin(symbolCount);
    }

    /** Whether a run is of the encoding of the track that this slot holds. */
    public boolean isSameEncoding(SymbolRun run) {
        return symbolCount == run.sourceSymbols() && generation == run.generation();
    }

    /** Stores those symbols of a run of this track that are not there already, until there are enough. Returns whether there were any. */
    public boolean add(SymbolRun run) {
        int before = sourceCount + rowCount;
        int endSource = Math.min(run.endSymbol(), symbolCount);
        if (run.firstSymbol() < endSource) {
            addSources(run, run.firstSymbol(), endSource);
        }
        for (int symbol = Math.max(run.firstSymbol(), symbolCount);
                symbol < run.endSymbol() && deficit() > 0;
                symbol++) {
            addRow(run, symbol);
        }
        return sourceCount + rowCount > before;
    }

    private void addSources(SymbolRun run, int first, int end) {
        int symbol = sources.nextClearBit(first);
        while (symbol < end && deficit() > 0) {
            int held = sources.nextSetBit(symbol);
            int gapEnd = Math.min(symbol + deficit(), held < 0 ? end : Math.min(held, end));
            for (int i = symbol; i < gapEnd; i++) {
                store.putSource(run, i, symbolBytes);
            }
            sources.set(symbol, gapEnd);
            sourceCount += gapEnd - symbol;
            symbol = sources.nextClearBit(gapEnd);
        }
    }

    private void addRow(SymbolRun run, int symbol) {
        int row = symbol - symbolCount;
        for (int i = 0; i < rowCount; i++) {
            if (rowNumbers[i] == row) {
                return;
            }
        }
        if (rowCount == rowNumbers.length) {
            rowNumbers = Arrays.copyOf(rowNumbers, rowCount * 2);
        }
        store.putRow(rowCount, run, symbol, symbolBytes);
        rowNumbers[rowCount++] = row;
    }

    public int track() {
        return track;
    }

    public int generation() {
        return generation;
    }

    /** k: source symbols of the track. */
    public int symbolCount() {
        return symbolCount;
    }

    /** Symbols that are still needed; 0 when the track can be decoded. */
    public int deficit() {
        return Math.max(0, symbolCount - sourceCount - rowCount);
    }

    /** Whether parity stands for symbols that did not come. */
    public boolean hasParity() {
        return rowCount > 0;
    }

    /** The encoded track, recovered from parity where needed, padded with zeros to whole symbols. Any thread, once {@code deficit} is 0. */
    public ByteBuffer recovered() {
        return store.recovered(symbolCount, symbolBytes, sources, rowNumbers);
    }
}
