package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.repair.DigestTracks;

/** Datagrams for the fuzz targets of other packages. */
public final class FuzzDatagrams {
    /** The session of the golden datagrams. */
    public static final long SESSION_ID = Samples.SESSION_ID;

    /** What the slave of the golden datagrams has drawn at its start. */
    public static final long NONCE = Samples.NONCE;

    private FuzzDatagrams() {}

    /** The golden datagram of each command, in the order of the commands. */
    public static List<byte[]> golden() {
        List<byte[]> golden = new ArrayList<>();
        for (CommandType type : CommandType.values()) {
            golden.add(ByteBufUtil.getBytes(Vectors.of(type)));
        }
        return golden;
    }

    /** The tracks of the golden session as text, each in as few symbols as zstd makes of it. */
    public static List<byte[]> tracks() {
        List<byte[]> datagrams = new ArrayList<>();
        TrackSpace space = Samples.image().space();
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("zstd:3"))) {
            for (int track = 0; track < space.trackCount(); track++) {
                ByteBuffer raw = ByteBuffer.allocate(space.rawBytes(track));
                while (raw.hasRemaining()) {
                    raw.put((byte) ('a' + (raw.position() / 7 + track) % 20));
                }
                ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.capacity()));
                encoder.encode(track, raw.flip(), encoded);
                addSymbols(datagrams, track, encoded);
            }
        }
        return datagrams;
    }

    /** The confirmation of the golden session by a master that asks for all that it can. */
    public static byte[] asking() {
        AfterCopy asked = new AfterCopy("root", true, "lab-{index:02}");
        return ByteBufUtil.getBytes(Samples.sealed(Samples.confirmDownload().asked(asked)));
    }

    /** The announcement of the golden session as one whose slaves compare their disks first. */
    public static byte[] delta() {
        ByteBuf geometry = Vectors.of(CommandType.DRIVE_GEOMETRY);
        new DriveGeometryFlyweight().wrap(geometry).flags(true, false);
        return ByteBufUtil.getBytes(Vectors.resealed(geometry));
    }

    /** The one digest track of the golden session: a track of each kind, and others with data. */
    public static List<byte[]> digests() {
        List<byte[]> datagrams = new ArrayList<>();
        ByteBuffer raw = ByteBuffer.allocate(Samples.TRACK_COUNT * DigestTracks.LEAF_BYTES);
        TrackKind[] kinds = {TrackKind.UNUSED, TrackKind.ZERO, TrackKind.UNREADABLE};
        for (int track = 0; track < Samples.TRACK_COUNT; track++) {
            DigestTracks.put(raw, track < kinds.length ? kinds[track] : TrackKind.DATA, track);
        }
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("none"))) {
            ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.capacity()));
            encoder.encode(Samples.TRACK_COUNT, raw.flip(), encoded);
            addSymbols(datagrams, Samples.TRACK_COUNT, encoded);
        }
        return datagrams;
    }

    private static void addSymbols(List<byte[]> datagrams, int track, ByteBuffer encoded) {
        int symbols = (encoded.remaining() - 1) / Samples.SYMBOL_BYTES + 1;
        for (int symbol = 0; symbol < symbols; symbol++) {
            ByteBuf out = Unpooled.buffer(2048);
            int from = symbol * Samples.SYMBOL_BYTES;
            int bytes = Math.min(Samples.SYMBOL_BYTES, encoded.remaining() - from);
            boolean isLast = symbol == symbols - 1;
            int sequence = 20 + datagrams.size();
            Samples.writeSymbol(
                    out, Samples.SESSION, sequence, isLast, track, symbol, symbols, 0, 0, encoded, from, bytes);
            datagrams.add(ByteBufUtil.getBytes(out));
        }
    }

    /** A datagram of these bytes, with header, session and CRC as they should be; as it is when it is too short for them. */
    public static ByteBuf sealed(byte[] bytes, long sessionId) {
        ByteBuf datagram = Unpooled.wrappedBuffer(bytes);
        if (bytes.length >= CommandFlyweight.MINIMUM_BYTES) {
            datagram.setShort(CommandFlyweight.MAGIC, CommandFlyweight.MAGIC_VALUE)
                    .setByte(CommandFlyweight.VERSION, CommandFlyweight.VERSION_VALUE)
                    .setInt(CommandFlyweight.SESSION, (int) sessionId);
            Vectors.resealed(datagram);
        }
        return datagram;
    }
}
