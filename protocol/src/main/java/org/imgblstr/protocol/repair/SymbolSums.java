package org.imgblstr.protocol.repair;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sums of the same symbols, each with its own coefficients in GF(256): parity rows, and what a slave needs that lost as many symbols. One
 * thread at a time; keeps its memory from use to use.
 *
 * <p>Not by tables but by bits: eight planes for each sum, where plane b is the plain xor of the symbols whose coefficient has bit b. At
 * the end the sum is plane 0 + 2 * plane 1 + ... + 128 * plane 7, eight bytes at a time. The 16 possible xors of each four symbols are
 * made once for all sums, so that a plane takes up four symbols with one addition, whatever the coefficients; and a symbol is fetched
 * once. Works through the symbols in blocks, so that all this stays in the nearest cache.
 */
final class SymbolSums {
    private static final int PLANES = 8;
    private static final int QUAD = 4;
    private static final int XORS = 1 << QUAD;

    /** Quads added to a plane in one go. */
    private static final int STRIDE = 4;

    /** Words of each symbol in a block: the xors of {@link #STRIDE} quads are then 32 KiB. */
    private static final int BLOCK = 64;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final int REDUCTION = GaloisField.POLYNOMIAL & 0xFF;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Byte b of entry n is bit b of n. */
    private static final long[] SPREAD = spread();

    /** A coefficient of a sum. */
    interface Coefficients {
        int of(int sum, int symbol);
    }

    private final long[] xors = new long[STRIDE * XORS * BLOCK];
    private long[] symbols = new long[0];
    private long[] selectors = new long[0];
    private long[] planes = new long[0];
    private int symbolBytes;
    private int words;
    private int count;
    private int quads;

    private static long[] spread() {
        long[] spread = new long[256];
        for (int n = 0; n < spread.length; n++) {
            for (int bit = 0; bit < PLANES; bit++) {
                spread[n] |= (n >>> bit & 1L) << (8 * bit);
            }
        }
        return spread;
    }

    /** Begins with {@code count} symbols of so many bytes, which are then {@link #put}. */
    void start(int newCount, int bytes) {
        count = newCount;
        quads = (count + QUAD - 1) / QUAD;
        symbolBytes = bytes;
        words = (bytes + Long.BYTES - 1) / Long.BYTES;
        if (symbols.length < quads * QUAD * words) {
            symbols = new long[quads * QUAD * words];
        }
        Arrays.fill(symbols, count * words, quads * QUAD * words, 0);
    }

    /**
     * The symbol of a place.
     *
     * @param place 0 to count - 1
     * @param source little-endian, whatever its bytes mean
     * @param from index of the symbol's first byte
     * @param bytes bytes there are; what lacks to a whole symbol counts as zero
     */
    void put(int place, ByteBuffer source, int from, int bytes) {
        int at = place * words;
        int whole = bytes / Long.BYTES;
        source.slice(from, bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(symbols, at, whole);
        if (whole < words) {
            long tail = 0;
            for (int i = bytes - 1; i >= whole * Long.BYTES; i--) {
                tail = (tail << 8) | (source.get(from + i) & 0xFF);
            }
            symbols[at + whole] = tail;
            Arrays.fill(symbols, at + whole + 1, at + words, 0);
        }
    }

    /** Adds to each of the first {@code sums} targets the sum of all symbols times their coefficients. */
    void addTo(byte[][] targets, int sums, Coefficients coefficients) {
        select(sums, coefficients);
        if (planes.length < sums * PLANES * BLOCK) {
            planes = new long[sums * PLANES * BLOCK];
        }
        for (int from = 0; from < words; from += BLOCK) {
            addBlock(targets, sums, from, Math.min(BLOCK, words - from));
        }
    }

    /** For each sum and quad: byte b of the selector says which xor of the four belongs to plane b. */
    private void select(int sums, Coefficients coefficients) {
        int stride = roundedQuads();
        if (selectors.length < sums * stride) {
            selectors = new long[sums * stride];
        }
        Arrays.fill(selectors, 0, sums * stride, 0);
        for (int sum = 0; sum < sums; sum++) {
            for (int symbol = 0; symbol < count; symbol++) {
                selectors[sum * stride + symbol / QUAD] |= SPREAD[coefficients.of(sum, symbol)] << (symbol % QUAD);
            }
        }
    }

    private int roundedQuads() {
        return (quads + STRIDE - 1) / STRIDE * STRIDE;
    }

    private void addBlock(byte[][] targets, int sums, int from, int length) {
        Arrays.fill(planes, 0, sums * PLANES * BLOCK, 0);
        for (int quad = 0; quad < quads; quad += STRIDE) {
            for (int i = 0; i < Math.min(STRIDE, quads - quad); i++) {
                makeXors(i * XORS * BLOCK, (quad + i) * QUAD * words + from, length);
            }
            for (int sum = 0; sum < sums; sum++) {
                addStride(sum * PLANES * BLOCK, sum * roundedQuads() + quad, length);
            }
        }
        for (int sum = 0; sum < sums; sum++) {
            finish(targets[sum], sum * PLANES * BLOCK, from, length);
        }
    }

    /** Xor n of a quad is that of the symbols whose bits are set in n; number 0 is always zero. */
    private void makeXors(int at, int from, int length) {
        for (int n = 1; n < XORS; n++) {
            int lowest = Integer.lowestOneBit(n);
            if (lowest == n) {
                int symbol = Integer.numberOfTrailingZeros(n);
                System.arraycopy(symbols, from + symbol * words, xors, at + n * BLOCK, length);
            } else {
                xor(xors, at + n * BLOCK, at + (n - lowest) * BLOCK, at + lowest * BLOCK, length);
            }
        }
    }

    private void addStride(int plane, int selector, int length) {
        for (int b = 0; b < PLANES; b++) {
            int shift = 8 * b;
            int first = (int) (selectors[selector] >>> shift) & 15;
            int second = (int) (selectors[selector + 1] >>> shift) & 15;
            int third = (int) (selectors[selector + 2] >>> shift) & 15;
            int fourth = (int) (selectors[selector + 3] >>> shift) & 15;
            add(
                    planes,
                    plane + b * BLOCK,
                    xors,
                    first * BLOCK,
                    (XORS + second) * BLOCK,
                    (2 * XORS + third) * BLOCK,
                    (3 * XORS + fourth) * BLOCK,
                    length);
        }
    }

    private void finish(byte[] target, int plane, int from, int length) {
        for (int i = 0; i < length; i++) {
            long sum = sumOfPlanes(planes, plane + i);
            int at = (from + i) * Long.BYTES;
            if (at + Long.BYTES <= symbolBytes) {
                WORD.set(target, at, (long) WORD.get(target, at) ^ sum);
            } else {
                for (; at < symbolBytes; at++) {
                    target[at] ^= (byte) sum;
                    sum >>>= 8;
                }
            }
        }
    }

    // Static, with every array and index in a parameter: only so does the compiler vectorize these.

    private static void xor(long[] words, int to, int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            words[to + i] = words[a + i] ^ words[b + i];
        }
    }

    private static void add(long[] plane, int to, long[] source, int a, int b, int c, int d, int length) {
        for (int i = 0; i < length; i++) {
            plane[to + i] ^= source[a + i] ^ source[b + i] ^ source[c + i] ^ source[d + i];
        }
    }

    /** Horner's rule on eight bytes at once: doubling is a shift, and the reduction of each byte that overflows. */
    private static long sumOfPlanes(long[] planes, int word) {
        long sum = planes[(PLANES - 1) * BLOCK + word];
        for (int plane = PLANES - 2; plane >= 0; plane--) {
            long high = sum & HIGH_BITS;
            sum = ((sum ^ high) << 1) ^ ((high >>> 7) * REDUCTION) ^ planes[plane * BLOCK + word];
        }
        return sum;
    }
}
