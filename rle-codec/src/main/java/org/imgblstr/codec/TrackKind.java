package org.imgblstr.codec;

/** What a track holds, as far as imaging is concerned. Source: docs/architecture.md, section 3. */
public enum TrackKind {
    /** Bytes that are stored and sent as an encoded track. */
    DATA(0),
    /** Space that no file system uses: left as it is on the target. */
    UNUSED(1),
    /** Every byte is zero and must read back as zero. */
    ZERO(2),
    /** The source could give nothing of it after its retries: must read back as zero, and is reported. */
    UNREADABLE(4),
    /** An encoded track with a map of the sectors that the source could not give: those are zero in it, and reported. */
    PARTIAL(8);

    private final int code;

    TrackKind(int code) {
        this.code = code;
    }

    /** The number on the wire and in the image file. */
    public int code() {
        return code;
    }

    /** Whether such a track is stored and sent as an encoded track; the others are skipped. */
    public boolean isEncoded() {
        return this == DATA || this == PARTIAL;
    }

    /** Whether such a track is skipped and must read back as zeros. */
    public boolean isZeroed() {
        return this == ZERO || this == UNREADABLE;
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
