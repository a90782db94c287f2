package org.imgblstr.protocol.master.sending;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.imgblstr.protocol.repair.ParityCode;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SymbolWriter;

/**
 * One track on its way out: the plan of its symbols, and the place in that plan. A track of the pass has its source symbols and behind them the
 * parity rows that somebody will need. A repair has all source symbols again, or goes on along the wheel: all parity rows, then the source
 * symbols, then again from the first row. Made once and begun for each track. One thread.
 */
final class TrackJob {
    /** Parity rows computed for one batch at most, so that the event loop is back within a millisecond or two. */
    static final int MAX_BATCH_ROWS = 8;

    private static final int NONE = -1;

    private final byte[][] rows;
    private final ByteBuffer[] rowViews;
    private int track = NONE;
    private boolean isRepair;
    private ByteBuffer encoded;
    private int encodedBytes;
    private int symbolBytes;
    private int generation;
    private int k;
    private int planned;
    private int place;

    /** Where the wheel goes on; {@link #NONE} when the plan is the source symbols in their order. */
    private int firstWheelPlace;

    /** The first of the parity rows that are in {@link #rows}. */
    private int firstRow;

    private int rowCount;

    TrackJob(int largestSymbolBytes) {
        rows = new byte[MAX_BATCH_ROWS][largestSymbolBytes];
        rowViews = Arrays.stream(rows).map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
    }

    /** Begins a track. {@code bytes}: kept until {@link #end}, as the track may come to be held in another encoding meanwhile. */
    void begin(int newTrack, ByteBuffer bytes, int newGeneration, int newSymbolBytes) {
        track = newTrack;
        encoded = bytes;
        encodedBytes = bytes.remaining();
        generation = newGeneration;
        symbolBytes = newSymbolBytes;
        k = (encodedBytes + symbolBytes - 1) / symbolBytes;
        place = 0;
        rowCount = 0;
    }

    /** The plan of the pass: all source symbols and so many parity rows. */
    void planPass(int parityRows) {
        isRepair = false;
        planned = k + parityRows;
        firstWheelPlace = NONE;
    }

    /** The plan of a repair: all source symbols. */
    void planWhole() {
        isRepair = true;
        planned = k;
        firstWheelPlace = NONE;
    }

    /** The plan of a repair: so many symbols of the wheel, behind so many that were sent before. */
    void planWheel(int symbols, int symbolsBefore) {
        isRepair = true;
        planned = symbols;
        firstWheelPlace = symbolsBefore;
    }

    /** Nothing is being sent. */
    void end() {
        track = NONE;
        encoded = null;
    }

    boolean isBusy() {
        return track != NONE;
    }

    boolean isRepair() {
        return isRepair;
    }

    int track() {
        return track;
    }

    int symbolBytes() {
        return symbolBytes;
    }

    /** Source symbols of the track. */
    int sourceSymbols() {
        return k;
    }

    /** Symbols of the plan that were not sent. */
    int left() {
        return planned - place;
    }

    /** Parity rows of the pass, or symbols of the wheel; 0 for source symbols. */
    int extraSymbols() {
        return isRepair ? firstWheelPlace == NONE ? 0 : planned : planned - k;
    }

    /** Says to the writer which track its datagrams are of. */
    void describe(SymbolWriter writer) {
        writer.track(track, k, generation);
    }

    /** Whether the symbol at the present place is a parity row. */
    boolean isAtRow() {
        return symbolAt(place) >= k;
    }

    /** Writes the symbol at the present place, and goes on to the next. Returns its bytes: fewer than a whole symbol has only the last of the source. */
    int write(SymbolWriter writer, int sequence) {
        int symbol = symbolAt(place);
        int bytes = symbol == k - 1 ? encodedBytes - (k - 1) * symbolBytes : symbolBytes;
        boolean isFlush = place == planned - 1;
        ByteBuffer payload = encoded;
        int offset = encoded.position() + symbol * symbolBytes;
        if (symbol >= k) {
            payload = row(symbol - k);
            offset = 0;
        }
        writer.append(sequence, isFlush, symbol, rowsLeft(), payload, offset, bytes);
        place++;
        return bytes;
    }

    /** One that is there, or is computed now together with those that follow it in the plan. */
    private ByteBuffer row(int row) {
        if (row < firstRow || row >= firstRow + rowCount) {
            firstRow = row;
            rowCount = Math.min(MAX_BATCH_ROWS, Math.min(planned - place, ParityCode.maxRows(k) - row));
            ParityCode.parity(firstRow, rowCount, k, symbolBytes, encoded, rows);
        }
        return rowViews[row - firstRow];
    }

    /** Parity rows of the plan behind the present place. */
    private int rowsLeft() {
        int firstRowPlace = firstWheelPlace == NONE ? k : 0;
        return Math.max(0, planned - Math.max(firstRowPlace, place + 1));
    }

    /** The symbol at a place of the plan. */
    private int symbolAt(int planPlace) {
        if (firstWheelPlace == NONE) {
            return planPlace;
        }
        int rowsOfWheel = SectorDataFlyweight.MAX_SYMBOLS - k;
        int wheelPlace = (firstWheelPlace + planPlace) % SectorDataFlyweight.MAX_SYMBOLS;
        return wheelPlace < rowsOfWheel ? k + wheelPlace : wheelPlace - rowsOfWheel;
    }
}
