package org.imgblstr.codec;

/** What a track holds, as far as imaging is concerned. Source: docs/architecture.md, section 3. */
public enum TrackKind {
    /** Bytes that are stored and sent as an encoded track. */
    DATA(0),
    /** Space that no file system uses: left as it is on the target. */
    UNUSED(1),
    /** Every byte is zero and must read back as zero. */
    ZERO(2),
    /** The source could not be read after its retries: left as it is on the target, and reported. */
    UNREADABLE(4);

    private final int code;

    TrackKind(int code) {
        this.code = code;
    }

    /** The number on the wire and in the image file. */
    public int code() {
        return code;
    }

    /** The kind of a code, or null when there is none. */
    public static TrackKind ofCode(int code) {
        for (TrackKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}
