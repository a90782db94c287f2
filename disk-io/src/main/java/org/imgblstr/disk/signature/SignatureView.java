package org.imgblstr.disk.signature;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.ForwardingSource;

/**
 * A volume whose places of signatures are read once, in few and long reads, however often they are looked at. What lies elsewhere is read
 * as it is asked for. For one thread.
 */
public final class SignatureView extends ForwardingSource {
    /** To read on over this costs less than another read. */
    public static final long GAP_BYTES = 64 << 10;

    /** {@code bytes}: null as long as they were not asked for, and when they could not be read. */
    private static final class Piece {
        private final SignaturePlaces.Range range;
        private ByteBuffer bytes;
        private boolean isUnreadable;

        Piece(SignaturePlaces.Range range) {
            this.range = range;
        }
    }

    private final TreeMap<Long, Piece> pieces = new TreeMap<>();

    public SignatureView(BlockSource volume) {
        super(volume);
        List<SignaturePlaces.Range> ranges = SignaturePlaces.joined(volume.sizeBytes(), GAP_BYTES);
        ranges.forEach(range -> pieces.put(range.offset(), new Piece(range)));
    }

    /** Bytes of a volume, with zeros behind its end; not copied where they were read before. Nobody may write into them. */
    static ByteBuffer bytesOf(BlockSource volume, long offset, int bytes) throws DeviceException {
        Piece piece = volume instanceof SignatureView view ? view.pieceWith(offset, bytes) : null;
        if (piece != null) {
            return piece.bytes.slice((int) (offset - piece.range.offset()), bytes);
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes);
        volume.read(offset, copy.limit((int) Math.min(bytes, volume.sizeBytes() - offset)));
        return copy.clear();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        Piece piece = pieceWith(offset, into.remaining());
        if (piece != null) {
            into.put(piece.bytes.slice((int) (offset - piece.range.offset()), into.remaining()));
        } else {
            below.read(offset, into);
        }
    }

    /** What holds this range, or null when nothing does or it cannot be read as a whole. */
    private Piece pieceWith(long offset, int bytes) {
        Map.Entry<Long, Piece> entry = pieces.floorEntry(offset);
        boolean isWithin =
                entry != null && offset + bytes <= entry.getValue().range.endOffset();
        return isWithin && load(entry.getValue()) ? entry.getValue() : null;
    }

    /** A bad sector between two places must not keep anybody from reading the places. */
    private boolean load(Piece piece) {
        if (piece.bytes == null && !piece.isUnreadable) {
            ByteBuffer bytes = ByteBuffer.allocate((int) piece.range.bytes());
            try {
                below.read(piece.range.offset(), bytes);
                piece.bytes = bytes.flip();
            } catch (DeviceException bad) {
                piece.isUnreadable = true;
            }
        }
        return piece.bytes != null;
    }
}
