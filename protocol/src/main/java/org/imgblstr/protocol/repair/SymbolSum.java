package org.imgblstr.protocol.repair;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One sum of symbols, each times a coefficient in GF(256). One thread at a time; keeps its memory from sum to sum.
 *
 * <p>Not by tables but by bits: eight planes, where plane b is the plain xor of the symbols whose coefficient has bit b. At the end
 * the sum is plane 0 + 2 * plane 1 + ... + 128 * plane 7, eight bytes at a time. The xors are loops over words, which the
 * compiler turns into vector instructions: two to four times the speed of a table look-up for each byte.
 */
final class SymbolSum {
    private static final int PLANES = 8;

    /** Symbols gathered before they are added to the planes, so that a plane is read and written once for four of them. */
    private static final int GROUP = 32;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final int REDUCTION = GaloisField.POLYNOMIAL & 0xFF;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] coefficients = new int[GROUP];
    private final int[] chosen = new int[GROUP];
    private long[] planes = new long[0];
    private long[] group = new long[0];
    private int symbolBytes;
    private int words;
    private int gathered;

    /** Begins a sum of symbols of so many bytes. */
    void start(int bytes) {
        symbolBytes = bytes;
        words = (bytes + Long.BYTES - 1) / Long.BYTES;
        gathered = 0;
        if (planes.length < PLANES * words) {
            planes = new long[PLANES * words];
            group = new long[GROUP * words];
        } else {
            Arrays.fill(planes, 0, PLANES * words, 0);
        }
    }

    /**
     * Adds a symbol times a coefficient.
     *
     * @param source little-endian, whatever the meaning of its bytes
     * @param from index of the symbol's first byte
     * @param bytes bytes there are; what lacks to a whole symbol counts as zero
     */
    void add(int coefficient, ByteBuffer source, int from, int bytes) {
        int at = nextOfGroup(coefficient);
        int whole = bytes / Long.BYTES;
        for (int word = 0; word < whole; word++) {
            group[at + word] = source.getLong(from + word * Long.BYTES);
        }
        long tail = 0;
        for (int i = bytes - 1; i >= whole * Long.BYTES; i--) {
            tail = (tail << 8) | (source.get(from + i) & 0xFF);
        }
        putTail(at, whole, tail);
    }

    /** Puts the sum into the first bytes of {@code target}. */
    void finish(byte[] target) {
        addGroup();
        int whole = symbolBytes / Long.BYTES;
        for (int word = 0; word < whole; word++) {
            WORD.set(target, word * Long.BYTES, sumOfPlanes(word));
        }
        if (whole < words) {
            long tail = sumOfPlanes(whole);
            for (int i = whole * Long.BYTES; i < symbolBytes; i++) {
                target[i] = (byte) tail;
                tail >>>= 8;
            }
        }
    }

    private int nextOfGroup(int coefficient) {
        if (gathered == GROUP) {
            addGroup();
        }
        coefficients[gathered] = coefficient;
        return words * gathered++;
    }

    private void putTail(int at, int whole, long tail) {
        if (whole < words) {
            group[at + whole] = tail;
            Arrays.fill(group, at + whole + 1, at + words, 0);
        }
    }

    private void addGroup() {
        for (int plane = 0; plane < PLANES; plane++) {
            int count = 0;
            for (int i = 0; i < gathered; i++) {
                chosen[count] = i * words;
                count += (coefficients[i] >>> plane) & 1;
            }
            int done = 0;
            for (; done + 4 <= count; done += 4) {
                xorFour(plane * words, done);
            }
            for (; done < count; done++) {
                xor(planes, plane * words, group, chosen[done], words);
            }
        }
        gathered = 0;
    }

    private void xorFour(int plane, int first) {
        xor(planes, plane, group, chosen[first], chosen[first + 1], chosen[first + 2], chosen[first + 3], words);
    }

    /** Static, with every array and index in a parameter: only so does the compiler vectorize it. */
    private static void xor(long[] plane, int at, long[] source, int a, int words) {
        for (int i = 0; i < words; i++) {
            plane[at + i] ^= source[a + i];
        }
    }

    private static void xor(long[] plane, int at, long[] source, int a, int b, int c, int d, int words) {
        for (int i = 0; i < words; i++) {
            plane[at + i] ^= source[a + i] ^ source[b + i] ^ source[c + i] ^ source[d + i];
        }
    }

    /** Horner's rule on eight bytes at once: doubling is a shift, and the reduction of each byte that overflows. */
    private long sumOfPlanes(int word) {
        long sum = planes[(PLANES - 1) * words + word];
        for (int plane = PLANES - 2; plane >= 0; plane--) {
            long high = sum & HIGH_BITS;
            sum = ((sum ^ high) << 1) ^ ((high >>> 7) * REDUCTION) ^ planes[plane * words + word];
        }
        return sum;
    }
}
