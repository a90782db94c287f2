package org.imgblstr.disk.filesystem.luks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;
import org.imgblstr.disk.filesystem.encrypted.EncryptedLayout;
import org.imgblstr.disk.filesystem.encrypted.KeyArea;

/**
 * Where the encrypted data of a LUKS volume lie, and how they are encrypted. Only what cryptsetup makes by default is understood: one segment of
 * aes-xts-plain64 up to the end of the volume.
 *
 * @param dataOffset first byte of the data: before it are headers and key slots
 * @param sectorBytes what is encrypted at once
 * @param firstTweak number of the first sector of 512 bytes, as the cipher takes it
 */
record LuksHeader(long dataOffset, int sectorBytes, long firstTweak) {
    private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xBA, (byte) 0xBE};
    private static final int VERSION = 6;
    private static final int LEGACY_SECTOR = 512;

    /** Key slots take 16 MiB by default; more than that is read at once by nobody. */
    private static final long MOST_AREA_BYTES = 16 << 20;

    private static final int LUKS1_BYTES = 592;
    private static final int LUKS1_CIPHER = 8;
    private static final int LUKS1_MODE = 40;
    private static final int LUKS1_PAYLOAD = 104;
    private static final int NAME_BYTES = 32;

    private static final int LUKS2_SIZE = 8;
    private static final int LUKS2_CHECKSUM_NAME = 72;
    private static final int LUKS2_OFFSET = 256;
    private static final int LUKS2_CHECKSUM = 448;
    private static final int LUKS2_CHECKSUM_BYTES = 64;
    private static final int LUKS2_JSON = 4096;
    private static final long LUKS2_MOST_BYTES = 4 << 20;

    private static final Pattern SEGMENTS = Pattern.compile("\"segments\":\\{\"0\":\\{([^{}\\[\\]]*)\\}\\}");
    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":(?:\"([^\"\\\\]*)\"|(\\d+))(?:,|$)");
    private static final Set<String> FIELDS = Set.of("type", "offset", "size", "iv_tweak", "encryption", "sector_size");

    static LuksHeader read(BlockSource volume) throws UnsureException, DeviceException {
        ByteBuffer start = VolumeBytes.big(volume, 0, LUKS2_JSON, "LUKS header");
        require(start.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC)), "its first header is not there");
        LuksHeader header =
                switch (start.getShort(VERSION)) {
                    case 1 -> version1(start);
                    case 2 -> version2(volume, start);
                    default -> throw new UnsureException("LUKS: unknown version " + start.getShort(VERSION));
                };
        require(
                header.dataOffset >= LUKS1_BYTES
                        && header.dataOffset <= MOST_AREA_BYTES
                        && header.dataOffset < volume.sizeBytes()
                        && header.dataOffset % LEGACY_SECTOR == 0,
                "data from byte " + header.dataOffset + " on");
        return header;
    }

    private static LuksHeader version1(ByteBuffer start) throws UnsureException {
        String cipher = text(start, LUKS1_CIPHER) + "-" + text(start, LUKS1_MODE);
        requireCipher(cipher);
        return new LuksHeader(Integer.toUnsignedLong(start.getInt(LUKS1_PAYLOAD)) * LEGACY_SECTOR, LEGACY_SECTOR, 0);
    }

    private static LuksHeader version2(BlockSource volume, ByteBuffer start) throws UnsureException, DeviceException {
        long size = start.getLong(LUKS2_SIZE);
        require(size > LUKS2_JSON && size <= LUKS2_MOST_BYTES, "a header of " + size + " bytes");
        require(start.getLong(LUKS2_OFFSET) == 0, "its header says that it is at byte " + start.getLong(LUKS2_OFFSET));
        require(text(start, LUKS2_CHECKSUM_NAME).equals("sha256"), "another checksum than sha256");
        byte[] header = new byte[(int) size];
        VolumeBytes.big(volume, 0, size, "LUKS header").get(header);
        byte[] expected = new byte[32];
        System.arraycopy(header, LUKS2_CHECKSUM, expected, 0, expected.length);
        Arrays.fill(header, LUKS2_CHECKSUM, LUKS2_CHECKSUM + LUKS2_CHECKSUM_BYTES, (byte) 0);
        require(MessageDigest.isEqual(sha256(header), expected), "the checksum of its header is wrong");
        return segment(new String(header, LUKS2_JSON, header.length - LUKS2_JSON, StandardCharsets.ISO_8859_1));
    }

    /** The text is what cryptsetup writes, without blanks; with anything else in it nothing is believed. */
    private static LuksHeader segment(String json) throws UnsureException {
        require(!json.contains("\"requirements\"") || json.contains("\"requirements\":{}"), "it has requirements");
        Matcher found = SEGMENTS.matcher(json);
        require(found.find(), "it has several segments, or is being encrypted anew");
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(found.group(1));
        int end = 0;
        while (field.find() && field.start() == end) {
            fields.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
            end = field.end();
        }
        require(
                end == found.group(1).length() && fields.keySet().equals(FIELDS) && !found.find(),
                "its segment is not understood");
        requireCipher(fields.get("encryption"));
        require(fields.get("type").equals("crypt"), "a segment of type " + fields.get("type"));
        require(fields.get("size").equals("dynamic"), "it ends before its volume does");
        long sector = number(fields.get("sector_size"));
        require(sector == 512 || sector == 1024 || sector == 2048 || sector == 4096, "sectors of " + sector);
        return new LuksHeader(number(fields.get("offset")), (int) sector, number(fields.get("iv_tweak")));
    }

    private static long number(String text) throws UnsureException {
        require(text.matches("\\d{1,15}"), "the number '" + text + "'");
        return Long.parseLong(text);
    }

    private static void requireCipher(String cipher) throws UnsureException {
        require(cipher.equals("aes-xts-plain64"), "the cipher " + cipher);
    }

    private static String text(ByteBuffer bytes, int offset) {
        byte[] name = new byte[NAME_BYTES];
        bytes.get(offset, name);
        String text = new String(name, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("LUKS: " + otherwise);
        }
    }

    /** Headers and key slots. */
    KeyArea area(BlockSource volume) throws DeviceException {
        ByteBuffer area = ByteBuffer.allocate((int) dataOffset);
        volume.read(0, area);
        return new KeyArea("LUKS", "luksDump", List.of(new KeyArea.Piece(0, area.flip())));
    }

    /** One segment, as far as there are whole sectors. */
    EncryptedLayout layout(long volumeBytes) {
        long bytes = (volumeBytes - dataOffset) / sectorBytes * sectorBytes;
        return new EncryptedLayout(
                sectorBytes,
                bytes == 0 ? List.of() : List.of(new EncryptedLayout.Segment(0, bytes, dataOffset)),
                List.of());
    }

    /** The number of the sector that begins at byte {@code place} of the volume, as the cipher takes it. */
    long tweak(long place) {
        return firstTweak + (place - dataOffset) / LEGACY_SECTOR;
    }
}
