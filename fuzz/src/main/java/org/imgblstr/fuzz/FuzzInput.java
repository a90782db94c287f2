package org.imgblstr.fuzz;

import java.util.Arrays;

/** Reads numbers from the bytes that a fuzzer made. Behind their end all is zero. For one thread. */
public final class FuzzInput {
    private final byte[] bytes;
    private int at;

    /** {@code bytes}: never changed. */
    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The next byte, 0 to 255. */
    public int u8() {
        return at < bytes.length ? Byte.toUnsignedInt(bytes[at++]) : 0;
    }

    /** The next two bytes, high byte first. */
    public int u16() {
        int high = u8();
        return high << Byte.SIZE | u8();
    }

    /** The next four bytes, high byte first. */
    public int i32() {
        int high = u16();
        return high << Short.SIZE | u16();
    }

    /** Whether all was read. */
    public boolean isEmpty() {
        return at >= bytes.length;
    }

    /** The next {@code most} bytes; fewer at the end. */
    public byte[] take(int most) {
        int end = Math.min(bytes.length, at + most);
        byte[] taken = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return taken;
    }

    /** All that is left. */
    public byte[] rest() {
        return take(bytes.length);
    }
}
