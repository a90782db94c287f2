package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.filesystem.UnsureException;

/**
 * One record of the MFT: a file, or a part of one. Source: Linux-NTFS project, "NTFS Documentation", File Record, Fixup. Numbers of
 * records count from 0.
 */
final class NtfsRecord {
    static final long MFT = 0;
    static final long MIRROR = 1;
    static final long LOG_FILE = 2;
    static final long VOLUME = 3;
    static final long ROOT = 5;
    static final long BITMAP = 6;
    static final long BOOT = 7;

    /** Low part of a reference; the high 16 bits are a sequence number. */
    static final long NUMBER_MASK = 0xFFFF_FFFF_FFFFL;

    private static final int FILE_MAGIC = 0x454C_4946;
    private static final int IN_USE = 1;
    private static final int HEADER_BYTES = 0x30;

    /** In the header: how many names the file has. */
    private static final int LINKS = 0x12;

    /** In a name: who sees it. */
    private static final int NAME_KIND = 0x41;

    private static final int DOS_NAME = 2;

    /** The last two bytes of each such stride are replaced by the update sequence number, whatever the sector size. */
    private static final int STRIDE_BYTES = 512;

    private final ByteBuffer bytes;
    private final List<NtfsAttribute> attributes;

    private NtfsRecord(ByteBuffer bytes, List<NtfsAttribute> attributes) {
        this.bytes = bytes;
        this.attributes = attributes;
    }

    /**
     * Checks a record and undoes its fixups in place.
     *
     * @param bytes the record, little-endian, position 0 to limit
     * @return empty when the record is not in use
     */
    static Optional<NtfsRecord> read(ByteBuffer bytes, long number) throws UnsureException {
        if (bytes.getInt(0) == 0) {
            return Optional.empty();
        }
        require(bytes.getInt(0) == FILE_MAGIC, number, "has no magic number");
        if ((bytes.getShort(0x16) & IN_USE) == 0) {
            return Optional.empty();
        }
        undoFixups(bytes, number);
        int usedBytes = bytes.getInt(0x18);
        require(usedBytes >= HEADER_BYTES && usedBytes <= bytes.limit(), number, "uses " + usedBytes + " bytes");
        return Optional.of(new NtfsRecord(bytes, attributesOf(bytes, usedBytes, number)));
    }

    private static void undoFixups(ByteBuffer bytes, long number) throws UnsureException {
        int at = Short.toUnsignedInt(bytes.getShort(4));
        int count = Short.toUnsignedInt(bytes.getShort(6));
        int strides = bytes.limit() / STRIDE_BYTES;
        boolean isSound = count == strides + 1 && at % 2 == 0 && at + 2 * count <= STRIDE_BYTES - 2;
        require(isSound, number, "has a damaged update sequence");
        short expected = bytes.getShort(at);
        for (int stride = 1; stride <= strides; stride++) {
            int end = stride * STRIDE_BYTES - 2;
            require(bytes.getShort(end) == expected, number, "was written only in part");
            bytes.putShort(end, bytes.getShort(at + 2 * stride));
        }
    }

    private static List<NtfsAttribute> attributesOf(ByteBuffer bytes, int usedBytes, long number)
            throws UnsureException {
        List<NtfsAttribute> attributes = new ArrayList<>();
        int at = Short.toUnsignedInt(bytes.getShort(0x14));
        require(at >= HEADER_BYTES - 8, number, "has attributes in its header");
        while (true) {
            require(at <= usedBytes - Integer.BYTES, number, "has no last attribute");
            if (bytes.getInt(at) == NtfsAttribute.END) {
                return attributes;
            }
            int length = at <= usedBytes - NtfsAttribute.MIN_BYTES ? bytes.getInt(at + 4) : 0;
            boolean isSound = length >= NtfsAttribute.MIN_BYTES && length % 8 == 0 && length <= usedBytes - at;
            require(isSound, number, "has an attribute of " + length + " bytes");
            attributes.add(NtfsAttribute.of(bytes.slice(at, length).order(ByteOrder.LITTLE_ENDIAN)));
            at += length;
        }
    }

    List<NtfsAttribute> attributes() {
        return attributes;
    }

    /** Whether the file has one name, not counting the short one that DOS sees; a further name may stand in another record. */
    boolean hasOneName() throws UnsureException {
        int names = 0;
        int longNames = 0;
        for (NtfsAttribute attribute : attributes) {
            if (attribute.type() == NtfsAttribute.FILE_NAME && attribute.isResident()) {
                ByteBuffer name = attribute.value();
                names++;
                longNames += name.limit() > NAME_KIND && name.get(NAME_KIND) != DOS_NAME ? 1 : 0;
            }
        }
        return longNames == 1 && Short.toUnsignedInt(bytes.getShort(LINKS)) <= names;
    }

    /** Record of the file that this one is a part of; 0 also when it is itself the first. */
    long baseRecord() {
        return bytes.getLong(0x20) & NUMBER_MASK;
    }

    /** Whether this is a further part of a file, not its first record. */
    boolean isExtension() {
        return bytes.getLong(0x20) != 0;
    }

    /** First attribute of a type without a name. */
    Optional<NtfsAttribute> find(int type) {
        return attributes.stream()
                .filter(attribute -> attribute.type() == type && attribute.isUnnamed())
                .findFirst();
    }

    private static void require(boolean holds, long number, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("NTFS: MFT record " + number + " " + otherwise + ": run chkdsk");
        }
    }
}
