package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * The symbols of one track that a slave holds. Filled by the event loop; handed to a disk worker once any k symbols are there, which then
 * has it to itself until it gives it back.
 */
public final class TrackSlot {
    private final ByteBuffer symbols;
    private final BitSet sources = new BitSet();
    private byte[][] rows = new byte[8][];
    private int[] rowNumbers = new int[8];
    private int rowCount;
    private int sourceCount;
    private int track;
    private int generation;
    private int symbolCount;
    private int symbolBytes;

    /** {@code symbols}: room for the source symbols of the longest track. */
    TrackSlot(ByteBuffer symbols) {
        this.symbols = symbols;
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
    }

    /** Stores the symbol of a valid datagram for this track unless it is there already. Returns whether it was new. */
    public boolean add(SectorDataFlyweight data) {
        return data.isParity() ? addRow(data) : addSource(data);
    }

    private boolean addSource(SectorDataFlyweight data) {
        int symbol = data.symbol();
        if (sources.get(symbol)) {
            return false;
        }
        int offset = symbol * symbolBytes;
        data.copyPayload(symbols, offset);
        for (int i = data.payloadBytes(); i < symbolBytes; i++) {
            symbols.put(offset + i, (byte) 0);
        }
        sources.set(symbol);
        sourceCount++;
        return true;
    }

    private boolean addRow(SectorDataFlyweight data) {
        int row = data.parityRow();
        for (int i = 0; i < rowCount; i++) {
            if (rowNumbers[i] == row) {
                return false;
            }
        }
        if (rowCount == rows.length) {
            rows = Arrays.copyOf(rows, rowCount * 2);
            rowNumbers = Arrays.copyOf(rowNumbers, rowCount * 2);
        }
        if (rows[rowCount] == null || rows[rowCount].length != symbolBytes) {
            rows[rowCount] = new byte[symbolBytes];
        }
        data.copyPayload(ByteBuffer.wrap(rows[rowCount]), 0);
        rowNumbers[rowCount++] = row;
        return true;
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

    /** The encoded track, recovered from parity where needed, padded with zeros to whole symbols. Any thread, once {@code deficit} is 0. */
    public ByteBuffer recovered() {
        ByteBuffer all = symbols.duplicate().position(0).limit(symbolCount * symbolBytes);
        if (sourceCount < symbolCount) {
            ParityCode.recover(symbolCount, symbolBytes, all, sources, rowNumbers, rows);
        }
        return all;
    }
}
