package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The erasure code of a track: systematic Cauchy Reed-Solomon over GF(256). Any k of its source symbols and parity rows give all
 * source symbols. Thread-safe: each thread has scratch memory of its own, a track and 64 KiB. Source: docs/protocol.md, section 3.4.
 */
public final class ParityCode {
    /** Source symbols and parity rows together, at most: the points of the Cauchy matrix are the bytes. */
    public static final int MAX_SYMBOLS = 256;

    private static final int LAST_POINT = MAX_SYMBOLS - 1;

    private static final ThreadLocal<SymbolSums> SUMS = ThreadLocal.withInitial(SymbolSums::new);

    private ParityCode() {}

    /** Parity rows that a track of k source symbols can have. */
    public static int maxRows(int k) {
        return MAX_SYMBOLS - k;
    }

    /** Computes one parity row, as {@link #parity(int, int, int, int, ByteBuffer, byte[][])} does. */
    public static void parity(int row, int k, int symbolBytes, ByteBuffer encoded, byte[] out) {
        parity(row, 1, k, symbolBytes, encoded, new byte[][] {out});
    }

    /**
     * Computes parity rows with consecutive numbers. Eight rows in one call take half the time of eight calls.
     *
     * @param firstRow 0 to {@link #maxRows} - {@code rowCount}
     * @param rowCount rows, at least 1
     * @param k source symbols, at least 1
     * @param symbolBytes length of a symbol
     * @param encoded the source symbols back to back between position and limit, direct or not; more than k - 1 symbols and at
     *     most k, the last one counting as padded with zeros; unchanged afterwards
     * @param out the first {@code rowCount} of them take a row in their first {@code symbolBytes} bytes
     * @throws IllegalArgumentException when these do not fit together
     */
    public static void parity(int firstRow, int rowCount, int k, int symbolBytes, ByteBuffer encoded, byte[][] out) {
        checkShape(k, symbolBytes);
        checkRow(firstRow, k);
        checkRow(firstRow + rowCount - 1, k);
        int bytes = encoded.remaining();
        if (bytes <= (long) (k - 1) * symbolBytes || bytes > (long) k * symbolBytes) {
            throw new IllegalArgumentException(
                    "encoded bytes: expected " + k + " symbols of " + symbolBytes + ", found " + bytes);
        }
        for (int row = 0; row < rowCount; row++) {
            checkRoom(out[row], symbolBytes);
        }
        for (int row = 0; row < rowCount; row++) {
            Arrays.fill(out[row], 0, symbolBytes, (byte) 0);
        }
        SymbolSums sums = SUMS.get();
        sums.start(k, symbolBytes);
        for (int i = 0; i < k; i++) {
            int at = i * symbolBytes;
            sums.put(i, encoded, encoded.position() + at, Math.min(symbolBytes, bytes - at));
        }
        sums.addTo(out, rowCount, (row, i) -> coefficient(firstRow + row, i));
    }

    /**
     * Fills in the source symbols that are missing.
     *
     * @param k source symbols, at least 1
     * @param symbolBytes length of a symbol
     * @param slot k symbols back to back from its position on, direct or not: those in {@code haveSources} as received, the last one
     *     padded with zeros, the others anything. Afterwards all are there; position and limit are unchanged
     * @param haveSources bit i: source symbol i was received
     * @param rows numbers of the parity rows received, all different; at least as many as sources are missing, of which the
     *     first ones are used
     * @param parityRows these rows, each of {@code symbolBytes} bytes or more; those used hold anything afterwards
     * @throws IllegalArgumentException when these do not fit together; nothing is changed then
     */
    public static void recover(
            int k, int symbolBytes, ByteBuffer slot, BitSet haveSources, int[] rows, byte[][] parityRows) {
        checkShape(k, symbolBytes);
        if (slot.remaining() < (long) k * symbolBytes) {
            throw new IllegalArgumentException("slot: expected room for " + k + " symbols of " + symbolBytes
                    + ", found " + slot.remaining() + " bytes");
        }
        int[] missing = missing(k, haveSources);
        checkRows(k, symbolBytes, missing.length, rows, parityRows);
        if (missing.length == 0) {
            return;
        }
        ByteBuffer symbols = slot.duplicate();
        subtractSources(k, symbolBytes, symbols, haveSources, rows, parityRows, missing.length);
        solve(symbolBytes, inverseOfCauchy(rows, missing), parityRows);
        for (int m = 0; m < missing.length; m++) {
            symbols.put(slot.position() + missing[m] * symbolBytes, parityRows[m], 0, symbolBytes);
        }
    }

    /** Leaves in each of the first {@code rowCount} rows what the missing sources contribute to it. */
    private static void subtractSources(
            int k,
            int symbolBytes,
            ByteBuffer symbols,
            BitSet haveSources,
            int[] rows,
            byte[][] parityRows,
            int rowCount) {
        SymbolSums sums = SUMS.get();
        int[] held = haveSources.get(0, k).stream().toArray();
        sums.start(held.length, symbolBytes);
        for (int i = 0; i < held.length; i++) {
            sums.put(i, symbols, symbols.position() + held[i] * symbolBytes, symbolBytes);
        }
        sums.addTo(parityRows, rowCount, (row, i) -> coefficient(rows[row], held[i]));
    }

    /** Turns what the missing sources contribute to each row into these sources. */
    private static void solve(int symbolBytes, int[][] inverse, byte[][] parityRows) {
        SymbolSums sums = SUMS.get();
        sums.start(inverse.length, symbolBytes);
        for (int r = 0; r < inverse.length; r++) {
            sums.put(r, ByteBuffer.wrap(parityRows[r]), 0, symbolBytes);
            Arrays.fill(parityRows[r], 0, symbolBytes, (byte) 0);
        }
        sums.addTo(parityRows, inverse.length, (m, r) -> inverse[m][r]);
    }

    private static int point(int row) {
        return LAST_POINT - row;
    }

    private static int coefficient(int row, int source) {
        return GaloisField.inverse(point(row) ^ source);
    }

    /**
     * Inverse of the matrix 1 / (x(r) + y(m)), x the points of the rows, y the missing sources. Known in closed form, in which every
     * factor is the sum of two points: product over n of (x(r) + y(n)) (x(n) + y(m)), divided by x(r) + y(m), by the product of
     * the (x(r) + x(n)) and by that of the (y(m) + y(n)), n not r, n not m. Here as sums of logarithms.
     */
    private static int[][] inverseOfCauchy(int[] rows, int[] missing) {
        int size = missing.length;
        int[] logOfRow = new int[size];
        int[] logOfSource = new int[size];
        for (int i = 0; i < size; i++) {
            for (int n = 0; n < size; n++) {
                logOfRow[i] += GaloisField.log(point(rows[i]) ^ missing[n]);
                logOfSource[i] += GaloisField.log(point(rows[n]) ^ missing[i]);
                if (n != i) {
                    logOfRow[i] -= GaloisField.log(point(rows[i]) ^ point(rows[n]));
                    logOfSource[i] -= GaloisField.log(missing[i] ^ missing[n]);
                }
            }
        }
        int[][] inverse = new int[size][size];
        for (int m = 0; m < size; m++) {
            for (int r = 0; r < size; r++) {
                int logOfBoth = GaloisField.log(point(rows[r]) ^ missing[m]);
                inverse[m][r] = GaloisField.power(logOfRow[r] + logOfSource[m] - logOfBoth);
            }
        }
        return inverse;
    }

    private static int[] missing(int k, BitSet haveSources) {
        int[] missing = new int[k - haveSources.get(0, k).cardinality()];
        int source = -1;
        for (int m = 0; m < missing.length; m++) {
            source = haveSources.nextClearBit(source + 1);
            missing[m] = source;
        }
        return missing;
    }

    private static void checkShape(int k, int symbolBytes) {
        if (k < 1 || k >= MAX_SYMBOLS || symbolBytes < 1 || symbolBytes > 0xFFFF) {
            throw new IllegalArgumentException("parity: expected 1 to " + LAST_POINT
                    + " symbols of 1 to 65535 bytes, found " + k + " of " + symbolBytes);
        }
    }

    private static void checkRow(int row, int k) {
        if (row < 0 || row >= maxRows(k)) {
            throw new IllegalArgumentException(
                    "parity row of " + k + " symbols: expected 0 to " + (maxRows(k) - 1) + ", found " + row);
        }
    }

    private static void checkRows(int k, int symbolBytes, int need, int[] rows, byte[][] parityRows) {
        if (rows.length < need || parityRows.length < need) {
            throw new IllegalArgumentException("parity rows: expected " + need + ", found " + rows.length
                    + " numbers and " + parityRows.length + " rows");
        }
        var seen = new BitSet(MAX_SYMBOLS);
        for (int r = 0; r < need; r++) {
            checkRow(rows[r], k);
            checkRoom(parityRows[r], symbolBytes);
            if (seen.get(rows[r])) {
                throw new IllegalArgumentException("parity rows: expected different ones, found " + rows[r] + " twice");
            }
            seen.set(rows[r]);
        }
    }

    private static void checkRoom(byte[] symbol, int symbolBytes) {
        if (symbol.length < symbolBytes) {
            throw new IllegalArgumentException(
                    "room for a symbol: expected " + symbolBytes + " bytes, found " + symbol.length);
        }
    }
}
