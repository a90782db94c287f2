package org.imgblstr.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.util.Native;
import java.util.Objects;

/**
 * What an operator asked tracks to be encoded with.
 *
 * @param id the codec; each track falls back to {@link CodecId#RAW} where it does not pay
 * @param level zstd level: 1 (fast) to {@link #MAX_LEVEL} (small), or negative (faster still); {@link #ADAPTS}; 0 for the other codecs
 */
public record CodecChoice(CodecId id, int level) {
    /** Higher levels of zstd need more memory than a slave may have, for next to no gain on a track. */
    public static final int MAX_LEVEL = 19;

    /** The level of zstd that is chosen anew while tracks are encoded. */
    public static final int ADAPTS = 0;

    /** Where a level that adapts begins, and the least level of the tracks of an image file. */
    public static final int HOME_LEVEL = 1;

    /** Fastest end to end, whatever the network. */
    public static final CodecChoice DEFAULT = new CodecChoice(CodecId.ZSTD, ADAPTS);

    private static final String ZSTD_LEVEL = "zstd:";

    public CodecChoice {
        Objects.requireNonNull(id, "id");
        if (id == CodecId.LINK) {
            throw new IllegalArgumentException("codec: zstd decides itself which tracks are links");
        }
        boolean isLevel = id == CodecId.ZSTD ? level >= minLevel() && level <= MAX_LEVEL : level == 0;
        if (!isLevel) {
            throw badLevel(id, level);
        }
    }

    /**
     * Reads {@code rle}, {@code zstd}, {@code zstd:LEVEL} or {@code none}.
     *
     * @throws IllegalArgumentException when {@code text} is none of them, or the level is out of range
     */
    public static CodecChoice parse(String text) {
        return switch (text) {
            case "rle" -> new CodecChoice(CodecId.RLE, 0);
            case "none" -> new CodecChoice(CodecId.RAW, 0);
            case "zstd" -> DEFAULT;
            default -> zstdOfLevel(text);
        };
    }

    private static CodecChoice zstdOfLevel(String text) {
        if (!text.matches(ZSTD_LEVEL + "-?[0-9]{1,6}")) {
            throw new IllegalArgumentException("codec: expected rle, zstd, zstd:LEVEL or none, found '" + text + "'");
        }
        int level = Integer.parseInt(text.substring(ZSTD_LEVEL.length()));
        if (level == ADAPTS) {
            throw badLevel(CodecId.ZSTD, level);
        }
        return new CodecChoice(CodecId.ZSTD, level);
    }

    /**
     * Loads the native library, which is otherwise done with the first track.
     *
     * @throws LinkageError when it cannot be unpacked or loaded
     */
    public static void loadZstd() {
        Native.load();
    }

    private static IllegalArgumentException badLevel(CodecId id, int level) {
        return new IllegalArgumentException("codec level: expected "
                + (id == CodecId.ZSTD ? "1 to " + MAX_LEVEL + ", or " + minLevel() + " to -1" : "none for " + id)
                + ", found " + level);
    }

    /** Whether the level is chosen anew while tracks are encoded. */
    public boolean isAdaptive() {
        return id == CodecId.ZSTD && level == ADAPTS;
    }

    private static int minLevel() {
        return Zstd.minCompressionLevel();
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (id) {
            case RAW -> "none";
            case RLE -> "rle";
            case ZSTD, LINK -> isAdaptive() ? "zstd" : ZSTD_LEVEL + level;
        };
    }
}
