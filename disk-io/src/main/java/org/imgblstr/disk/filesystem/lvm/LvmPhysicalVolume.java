package org.imgblstr.disk.filesystem.lvm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * Label and metadata of an LVM2 physical volume, little-endian.
 * <pre>
 *   label, in one of the first 4 sectors:   "LABELONE" | 8 sector u64 | 16 CRC u32 | 20 offset of header u32 | 24 "LVM2 001"
 *   header:                                 uuid 32 bytes | 32 bytes u64 | data areas | metadata areas, each list of {offset, bytes} ends with zeros
 *   metadata area:  CRC u32 | 4 magic | 20 version u32 | 24 start u64 | 32 bytes u64 | 40 texts {offset u64, bytes u64, CRC u32, flags u32}
 * </pre>
 * The CRC is that of IEEE without inversions. Source: lvm2, lib/format_text/layout.h and lib/label/label.h.
 *
 * @param uuid 32 characters
 * @param metadata text of the volume group
 */
record LvmPhysicalVolume(String uuid, LvmText metadata) {
    static final int SECTOR = 512;
    static final int LABEL_SECTORS = 4;
    private static final byte[] LABEL = "LABELONE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = "LVM2 001".getBytes(StandardCharsets.US_ASCII);
    private static final String AREA_MAGIC = " LVM2 x[5A%r0N*>";
    private static final int CRC_START = 0xF597_A6CF;
    private static final int UUID_BYTES = 32;
    private static final int LOCATION_BYTES = 16;
    private static final int TEXT_LOCATIONS = 40;
    private static final int TEXT_LOCATION_BYTES = 24;
    private static final int IGNORED = 1;
    private static final int MAX_TEXT_BYTES = 4 << 20;

    /** Sector of the label, or -1. */
    static int labelSector(BlockSource volume) throws DeviceException {
        for (int sector = 0; sector < LABEL_SECTORS; sector++) {
            long place = (long) sector * SECTOR;
            if (VolumeBytes.matches(volume, place, LABEL) && VolumeBytes.matches(volume, place + 24, TYPE)) {
                return sector;
            }
        }
        return -1;
    }

    static LvmPhysicalVolume read(BlockSource volume) throws UnsureException, DeviceException {
        int sector = labelSector(volume);
        require(sector >= 0, "no label");
        ByteBuffer label = VolumeBytes.little(volume, (long) sector * SECTOR, SECTOR, "LVM2 label");
        require(label.getInt(16) == crc(label, 20, SECTOR - 20), "the checksum of the label is wrong");
        int header = label.getInt(20);
        require(
                header >= 32 && header <= SECTOR - UUID_BYTES - 8 - 2 * LOCATION_BYTES,
                "its header is not in the label's sector");
        byte[] uuid = new byte[UUID_BYTES];
        label.get(header, uuid);
        List<Long> dataAreas = new ArrayList<>();
        int next = areas(label, header + UUID_BYTES + Long.BYTES, dataAreas);
        List<Long> metadataAreas = new ArrayList<>();
        areas(label, next, metadataAreas);
        require(dataAreas.size() == 1, dataAreas.size() + " data areas");
        String id = new String(uuid, StandardCharsets.ISO_8859_1);
        return new LvmPhysicalVolume(id, LvmText.parse(text(volume, metadataAreas)));
    }

    /** Adds the offsets of a list of areas. Returns where the list ends. */
    private static int areas(ByteBuffer label, int from, List<Long> offsets) throws UnsureException {
        int at = from;
        while (true) {
            require(at + LOCATION_BYTES <= SECTOR, "a list of areas leaves the label's sector");
            long offset = label.getLong(at);
            at += LOCATION_BYTES;
            if (offset == 0) {
                return at;
            }
            offsets.add(offset);
        }
    }

    /** The text of all areas that are in use, which must be the same. */
    private static String text(BlockSource volume, List<Long> areas) throws UnsureException, DeviceException {
        String found = null;
        for (long area : areas) {
            String text = textOf(volume, area);
            require(found == null || text == null || found.equals(text), "two copies of its metadata differ");
            found = text == null ? found : text;
        }
        require(found != null, "it holds no metadata");
        return found;
    }

    private static String textOf(BlockSource volume, long area) throws UnsureException, DeviceException {
        ByteBuffer header = VolumeBytes.little(volume, area, SECTOR, "LVM2 metadata area");
        require(header.getInt(0) == crc(header, 4, SECTOR - 4), "the checksum of a metadata area is wrong");
        byte[] magic = new byte[AREA_MAGIC.length()];
        header.get(4, magic);
        require(
                AREA_MAGIC.equals(new String(magic, StandardCharsets.ISO_8859_1)) && header.getInt(20) == 1,
                "unknown kind of metadata area");
        require(header.getLong(24) == area, "a metadata area was moved");
        if ((header.getInt(TEXT_LOCATIONS + 20) & IGNORED) != 0) {
            return null;
        }
        require(header.getLong(TEXT_LOCATIONS + TEXT_LOCATION_BYTES) == 0, "its metadata is being changed");
        return textAt(volume, area, header);
    }

    /** The area is a ring behind its header: a text may go on at its start. */
    private static String textAt(BlockSource volume, long area, ByteBuffer header)
            throws UnsureException, DeviceException {
        long areaBytes = header.getLong(32);
        long offset = header.getLong(TEXT_LOCATIONS);
        long bytes = header.getLong(TEXT_LOCATIONS + 8);
        require(
                areaBytes > SECTOR && areaBytes <= volume.sizeBytes() && offset >= SECTOR && offset < areaBytes,
                "its metadata is not in its area");
        require(bytes > 0 && bytes <= Math.min(MAX_TEXT_BYTES, areaBytes - SECTOR), bytes + " bytes of metadata");
        int first = (int) Math.min(bytes, areaBytes - offset);
        ByteBuffer text = ByteBuffer.allocate((int) bytes);
        text.put(VolumeBytes.little(volume, area + offset, first, "LVM2 metadata"));
        text.put(VolumeBytes.little(volume, area + SECTOR, bytes - first, "LVM2 metadata"));
        require(
                header.getInt(TEXT_LOCATIONS + 16) == crc(text, 0, (int) bytes),
                "the checksum of its metadata is wrong");
        String whole = new String(text.array(), StandardCharsets.UTF_8);
        return whole.endsWith("\0") ? whole.substring(0, whole.length() - 1) : whole;
    }

    private static int crc(ByteBuffer bytes, int from, int length) {
        return ChainedCrc.crc32(CRC_START, bytes, from, length);
    }

    static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("LVM2: " + otherwise);
        }
    }
}
