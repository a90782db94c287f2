package org.imgblstr.codec;

/** An encoded track is not what it should be. The bytes are at fault, not the program and not a device. */
public final class MalformedTrackException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String expected;
    private final String found;

    MalformedTrackException(int offset, String expected, String found) {
        super("encoded track, byte " + offset + ": expected " + expected + ", found " + found);
        this.offset = offset;
        this.expected = expected;
        this.found = found;
    }

    /** Where, in bytes from the start of the encoded track (its header included). */
    public int offset() {
        return offset;
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }
}
