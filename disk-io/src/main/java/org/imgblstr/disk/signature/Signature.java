package org.imgblstr.disk.signature;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;

/**
 * How one kind of content is known. Any of the marks at any of the places is enough, when the check agrees.
 *
 * @param name as libblkid calls it
 * @param why why free space cannot be told, one line
 * @param places where the structure may begin
 * @param bytes length of the structure, which is what the check sees
 * @param marks what tells it, each within the structure; none when the check alone decides
 */
record Signature(String name, String why, List<Place> places, int bytes, List<Mark> marks, Check check) {
    /** Bytes that a structure has at an offset of its own. */
    record Mark(int offset, ByteBuffer magic) {
        boolean isIn(ByteBuffer structure) {
            return structure.slice(offset, magic.limit()).equals(magic);
        }
    }

    /** What else must hold of a structure, for marks that are short or that other content has, too. */
    @FunctionalInterface
    interface Check {
        /** {@code structure}: little-endian, all of it, with zeros behind the end of the volume. {@code place}: where it begins. */
        boolean holds(ByteBuffer structure, long place, BlockSource volume) throws DeviceException;
    }

    private static final int LEAST_BYTES = 4;

    static Signature of(String name, String why, Place... places) {
        return new Signature(name, why, List.of(places), LEAST_BYTES, List.of(), (structure, place, volume) -> true);
    }

    /** Also known by this text at {@code offset} of the structure. */
    Signature text(int offset, String magic) {
        return mark(offset, magic.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Also known by these bytes at {@code offset} of the structure. */
    Signature hex(int offset, String magic) {
        return mark(offset, HexFormat.of().parseHex(magic));
    }

    /** Also known by this number at {@code offset} of the structure, in either byte order. */
    Signature eitherOrder(int offset, int magic) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
        Signature big = mark(offset, bytes.putInt(0, magic).array().clone());
        return big.mark(offset, bytes.putInt(0, Integer.reverseBytes(magic)).array());
    }

    private Signature mark(int offset, byte[] magic) {
        List<Mark> all = new ArrayList<>(marks);
        all.add(new Mark(offset, ByteBuffer.wrap(magic)));
        return new Signature(name, why, places, Math.max(bytes, offset + magic.length), List.copyOf(all), check);
    }

    /** The structure has {@code length} bytes, and this must hold of them. */
    Signature check(int length, Check also) {
        return new Signature(name, why, places, Math.max(bytes, length), marks, also);
    }

    boolean isOn(BlockSource volume) throws DeviceException {
        for (Place place : places) {
            if (isAt(place.on(volume.sizeBytes()), volume)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(long place, BlockSource volume) throws DeviceException {
        if (place < 0 || place >= volume.sizeBytes()) {
            return false;
        }
        ByteBuffer structure = SignatureView.bytesOf(volume, place, bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean isMarked = marks.isEmpty() || marks.stream().anyMatch(mark -> mark.isIn(structure));
        return isMarked && check.holds(structure, place, volume);
    }
}
