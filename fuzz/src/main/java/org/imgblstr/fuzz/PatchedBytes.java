package org.imgblstr.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sound sample with a few changes that an input describes, so that a short input stands for a whole file or volume. The changes can be taken
 * back, because copying a volume for each execution would cost more than reading it. For one thread. A change is:
 * <pre>
 *   0       2        4    5
 *   | piece | offset | op | bytes ... |   op 0 to 127: op + 1 bytes follow and are copied
 *                                         op 128 to 255: one byte follows and is repeated 4 * (op - 127) times
 * </pre>
 */
public final class PatchedBytes {
    private static final int MOST_CHANGES = 64;
    private static final int MOST_COPIED = 128;
    private static final int SEED_BYTES = 64;

    private final byte[] content;
    private final List<int[]> pieces;
    private final List<int[]> changed = new ArrayList<>();
    private final List<byte[]> before = new ArrayList<>();

    /**
     * @param content the sample, which is changed
     * @param pieces where changes may lie, as {from, end}: what a decoder reads of the sound sample; none is empty
     */
    public PatchedBytes(byte[] content, List<int[]> pieces) {
        this.content = content;
        this.pieces = List.copyOf(pieces);
    }

    /** The sample with the changes so far. */
    public byte[] content() {
        return content;
    }

    /** Where changes may lie. */
    public List<int[]> pieces() {
        return pieces;
    }

    /** Carries out all changes that are left in the input. */
    public void patch(FuzzInput in) {
        for (int count = 0; count < MOST_CHANGES && !in.isEmpty(); count++) {
            int[] piece = pieces.get(in.u16() % pieces.size());
            int offset = piece[0] + in.u16() % (piece[1] - piece[0]);
            int op = in.u8();
            byte[] bytes;
            if (op < MOST_COPIED) {
                bytes = in.take(op + 1);
            } else {
                bytes = new byte[4 * (op - MOST_COPIED + 1)];
                Arrays.fill(bytes, (byte) in.u8());
            }
            put(offset, bytes);
        }
    }

    /** Writes bytes, as far as they lie within the content. */
    public void put(int offset, byte... bytes) {
        int end = Math.min(content.length, offset + bytes.length);
        changed.add(new int[] {offset, end});
        before.add(Arrays.copyOfRange(content, offset, end));
        System.arraycopy(bytes, 0, content, offset, end - offset);
    }

    /** What was written, as {from, end}, in the order in which it was written. */
    public List<int[]> changed() {
        return List.copyOf(changed);
    }

    /** Whether a byte of {@code from} to {@code end}, exclusive, was written. */
    public boolean isChanged(int from, int end) {
        for (int[] range : changed) {
            if (range[0] < end && from < range[1]) {
                return true;
            }
        }
        return false;
    }

    /** Makes the content sound again. */
    public void undo() {
        for (int i = changed.size() - 1; i >= 0; i--) {
            System.arraycopy(before.get(i), 0, content, changed.get(i)[0], before.get(i).length);
        }
        changed.clear();
        before.clear();
    }

    /**
     * Inputs that change nothing, because they write what is there already: a fuzzer that changes a byte of one changes a byte of the sample.
     *
     * @param most at most so many, from the first pieces on
     * @param prefix what stands before the changes
     */
    public List<byte[]> seeds(int most, byte... prefix) {
        List<byte[]> seeds = new ArrayList<>();
        for (int piece = 0; piece < pieces.size(); piece++) {
            int[] range = pieces.get(piece);
            for (int at = range[0]; at < range[1] && seeds.size() < most; at += SEED_BYTES) {
                int length = Math.min(SEED_BYTES, range[1] - at);
                if (at == range[0] || !isZero(at, length)) {
                    seeds.add(seed(piece, at - range[0], Arrays.copyOfRange(content, at, at + length), prefix));
                }
            }
        }
        return seeds;
    }

    private boolean isZero(int from, int length) {
        for (int at = from; at < from + length; at++) {
            if (content[at] != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] seed(int piece, int offset, byte[] bytes, byte... prefix) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.writeBytes(prefix);
        seed.write(piece >> Byte.SIZE);
        seed.write(piece);
        seed.write(offset >> Byte.SIZE);
        seed.write(offset);
        seed.write(bytes.length - 1);
        seed.writeBytes(bytes);
        return seed.toByteArray();
    }
}
