package org.imgblstr.codec;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * Writes the zstd frame that goes on over the tracks of a group, cut by a flush after each. One thread. Source: docs/architecture.md,
 * section 4; RFC 8878.
 */
final class LinkEncoder implements AutoCloseable {
    /** What a link may refer to: 4 MiB before it. More gains 1 % and costs each slave as much memory for each chain that it has open. */
    static final int WINDOW_LOG = 22;

    /**
     * Level 1 as zstd has it is made for half a mebibyte of history. With a hash table of 64 Ki places and matches from 6 bytes on the
     * files of a Linux system become an eighth smaller for an eighth more processor time.
     */
    private static final int FIRST_HASH_LOG = 16;

    private static final int FIRST_MIN_MATCH = 6;

    private static final int NONE = -1;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private int start = NONE;
    private int previous;
    private int links;

    /** Makes the next link the first of a chain. */
    void end() {
        start = NONE;
    }

    /** Track that the chain began with. */
    int start() {
        return start;
    }

    /** Place of the link written last. */
    int link() {
        return links - 1;
    }

    /**
     * Writes one more link, of a chain of its own when the last track was of another group.
     *
     * @param level of a chain that begins here; one that goes on keeps its own
     * @param raw direct; the track between position and limit, where both are afterwards
     * @param out direct; takes the payload from its position on, which moves behind it
     * @return false when it did not fit; the chain is over then
     */
    boolean write(int track, int level, ByteBuffer raw, ByteBuffer out) {
        if (start == NONE || EncodedTrack.groupStart(track) != EncodedTrack.groupStart(start) || track <= previous) {
            begin(track, level);
        }
        int position = raw.position();
        try {
            boolean isFlushed = zstd.compressDirectByteBufferStream(out, raw, EndDirective.FLUSH);
            if (!isFlushed || raw.hasRemaining()) {
                end();
                return false;
            }
        } catch (ZstdException e) {
            throw new IllegalStateException("zstd failed at track " + track, e);
        } finally {
            raw.position(position);
        }
        previous = track;
        links++;
        return true;
    }

    private void begin(int track, int level) {
        // Takes back all settings as well.
        zstd.reset();
        zstd.setLevel(level).setWindowLog(WINDOW_LOG).setChecksum(false);
        if (level == 1) {
            zstd.setHashLog(FIRST_HASH_LOG).setMinMatch(FIRST_MIN_MATCH);
        }
        start = track;
        links = 0;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
