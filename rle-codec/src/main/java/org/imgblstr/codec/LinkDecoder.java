package org.imgblstr.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** Reads the links of one chain after the other, each in its order. One thread. Source: docs/architecture.md, section 4; RFC 8878. */
final class LinkDecoder implements AutoCloseable {
    /** The most that a frame may want to look back: what a group has. Bounds memory. */
    private static final int MOST_WINDOW_LOG = 23;

    private static final int NONE = -1;

    private ZstdDecompressCtx zstd;
    private ByteBuffer nothing;
    private ByteBuffer tooMuch;
    private int start = NONE;
    private int next;

    /** Whether this link is the first of its chain, or follows the one that was read last. */
    boolean isNext(ByteBuffer encoded) {
        int link = EncodedTrack.link(encoded);
        return link == 0 || (link == next && EncodedTrack.chainStart(encoded) == start);
    }

    /**
     * Reads a link.
     *
     * @param encoded the header, checked, and the payload
     * @param source direct; the payload between position and limit, both anywhere afterwards
     * @param raw direct; takes the track between position and limit, where the position moves to when the link is as long as the track
     * @throws MalformedTrackException when it is not the next one, or is no part of a zstd frame that makes so many bytes and goes
     *     on; the chain is over
     */
    void read(ByteBuffer encoded, ByteBuffer source, ByteBuffer raw) throws MalformedTrackException {
        int rawBytes = raw.remaining();
        if (!isNext(encoded)) {
            end();
            throw new MalformedTrackException(
                    EncodedTrack.LINK,
                    "link 0, or the one after that of the track before",
                    "link " + EncodedTrack.link(encoded) + " of the chain of track "
                            + EncodedTrack.chainStart(encoded));
        }
        if (EncodedTrack.link(encoded) == 0) {
            open();
            zstd.reset();
            zstd.setLongMax(MOST_WINDOW_LOG);
            start = EncodedTrack.track(encoded);
            next = 0;
        }
        try {
            boolean goesOn = true;
            while (goesOn && source.hasRemaining()) {
                int sourceAt = source.position();
                int rawAt = raw.position();
                if (zstd.decompressDirectByteBufferStream(raw, source)) {
                    throw malformed(rawBytes, "its end");
                }
                goesOn = source.position() > sourceAt || raw.position() > rawAt;
            }
            // What does not fit is kept by zstd, and would be the beginning of the next track.
            zstd.decompressDirectByteBufferStream(tooMuch.clear(), nothing);
        } catch (ZstdException e) {
            throw malformed(rawBytes, e.getMessage());
        }
        if (source.hasRemaining() || raw.hasRemaining() || tooMuch.position() > 0) {
            throw malformed(rawBytes, rawBytes - raw.remaining() + " bytes" + (raw.hasRemaining() ? "" : " and more"));
        }
        next++;
    }

    /** A decoder of a chain is many: those that see no link need no memory for it. */
    private void open() {
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
            nothing = ByteBuffer.allocateDirect(0);
            tooMuch = ByteBuffer.allocateDirect(1);
        }
    }

    /** The link that was read last is not what it should be: nothing that follows it can be read. */
    void end() {
        start = NONE;
        next = NONE;
    }

    private MalformedTrackException malformed(int rawBytes, String found) {
        end();
        return new MalformedTrackException(
                EncodedTrack.HEADER_BYTES, "part of a zstd frame of " + rawBytes + " bytes", found);
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
