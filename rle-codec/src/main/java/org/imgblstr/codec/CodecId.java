package org.imgblstr.codec;

/** How the payload of an encoded track is coded. Source: docs/architecture.md, section 4. */
public enum CodecId {
    /** The bytes as they are. */
    RAW(0),
    /** Runs of equal bytes: docs/rle-format.md. */
    RLE(1),
    /** One zstd frame (RFC 8878) without dictionary. */
    ZSTD(2),
    /** A part of a zstd frame that goes on over several tracks, ended by a flush: needs the links before it. */
    LINK(3);

    private final int code;

    CodecId(int code) {
        this.code = code;
    }

    /** The number in the first byte of an encoded track. */
    public int code() {
        return code;
    }

    /** The bit that stands for this codec in the codec sets of Drive Geometry and RSVP. */
    public int bit() {
        return 1 << code;
    }

    /** The codec of a code, or null when there is none. */
    public static CodecId ofCode(int code) {
        return switch (code) {
            case 0 -> RAW;
            case 1 -> RLE;
            case 2 -> ZSTD;
            case 3 -> LINK;
            default -> null;
        };
    }
}
