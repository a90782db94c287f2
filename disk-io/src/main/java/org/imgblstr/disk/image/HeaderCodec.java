package org.imgblstr.disk.image;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.ImageLayout;
import org.imgblstr.disk.image.sealed.KeySlots;
import org.imgblstr.disk.image.sealed.NotAuthenticException;

/**
 * The image header as bytes. Source: docs/image-format.md, section 2.
 * <pre>
 *   0       8         10      12            16        32        40           44      46                48
 *   | magic | version | flags | headerBytes | imageId | created | sectorBytes | heads | sectorsPerTrack |
 *   48             56            64              72           76     80
 *   | totalSectors | sourceBytes | requiredBytes | trackCount | zero | fields ... | crc |
 * </pre>
 */
final class HeaderCodec {
    /** "IMGBLSTR". */
    static final long MAGIC = 0x494D47424C535452L;

    /** Magic, version, flags and length: enough to know how much more to read. */
    static final int PREFIX_BYTES = 16;

    static final int MAX_BYTES = 256 * 1024;

    private static final int MAJOR_VERSION = 1;
    private static final int VERSION = 8;
    private static final int FLAGS = 10;
    private static final int HEADER_BYTES = 12;
    private static final int IMAGE_ID = 16;
    private static final int CREATED = 32;
    private static final int SECTOR_BYTES = 40;
    private static final int HEADS = 44;
    private static final int SECTORS_PER_TRACK = 46;
    private static final int TOTAL_SECTORS = 48;
    private static final int SOURCE_BYTES = 56;
    private static final int REQUIRED_BYTES = 64;
    private static final int TRACK_COUNT = 72;
    private static final int FIELDS = 80;

    private static final int LABEL = 1;
    private static final int CODEC = 2;
    private static final int SOURCE_PATH = 3;
    private static final int SOURCE_MODEL = 4;
    private static final int SOURCE_SERIAL = 5;
    private static final int PARTITION = 6;
    private static final int PROGRAM = 7;
    private static final int MACHINE = 8;
    private static final int NOTE = 9;
    private static final int CRITICAL = 0x8000;
    private static final int REGION = CRITICAL | 1;

    private HeaderCodec() {}

    /** The header, from position 0 to the limit. {@code layout}: of the file behind it. */
    static ByteBuffer encode(ImageHeader header, ImageLayout layout) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        Geometry geometry = header.geometry();
        out.putLong(0, MAGIC).putShort(VERSION, (short) (MAJOR_VERSION << 8));
        out.putShort(FLAGS, (short) layout.flags());
        out.putLong(IMAGE_ID, header.imageId().getMostSignificantBits());
        out.putLong(IMAGE_ID + Long.BYTES, header.imageId().getLeastSignificantBits());
        out.putLong(CREATED, header.created().toEpochMilli());
        out.putInt(SECTOR_BYTES, geometry.sectorBytes()).putShort(HEADS, (short) geometry.heads());
        out.putShort(SECTORS_PER_TRACK, (short) geometry.sectorsPerTrack());
        out.putLong(TOTAL_SECTORS, geometry.totalSectors());
        out.putLong(SOURCE_BYTES, header.origin().source().sizeBytes());
        out.putLong(REQUIRED_BYTES, header.requiredBytes());
        out.putInt(TRACK_COUNT, header.space().trackCount());
        out.position(FIELDS);
        header.regions().forEach(region -> putRegion(out, REGION, region));
        putText(out, LABEL, header.origin().label());
        putText(out, CODEC, header.origin().codec());
        putText(out, SOURCE_PATH, header.origin().source().path());
        putText(out, SOURCE_MODEL, header.origin().source().model());
        putText(out, SOURCE_SERIAL, header.origin().source().serial());
        putText(out, PROGRAM, header.origin().program());
        putText(out, MACHINE, header.origin().machine());
        putText(out, NOTE, header.origin().note());
        header.partitions().forEach(partition -> putRegion(out, PARTITION, partition));
        out.putInt(HEADER_BYTES, out.position() + Integer.BYTES);
        out.putInt(Checks.crc32c(out, 0, out.position()));
        return out.flip();
    }

    /** Length of the whole header, as it is without encryption, from its first {@link #PREFIX_BYTES}. */
    static int lengthOf(ByteBuffer prefix, String path) throws MalformedImageException {
        if (prefix.getLong(0) != MAGIC) {
            throw MalformedImageException.noImage(path, hex(prefix.getLong(0)));
        }
        int major = prefix.get(VERSION);
        if (major != MAJOR_VERSION) {
            throw MalformedImageException.otherVersion(path, VERSION, MAJOR_VERSION, major);
        }
        if (layoutOf(prefix) == null) {
            throw new MalformedImageException(path, FLAGS, "flags that are known", hex(prefix.getShort(FLAGS)));
        }
        int length = prefix.getInt(HEADER_BYTES);
        if (length < FIELDS + Integer.BYTES || length > MAX_BYTES) {
            throw new MalformedImageException(
                    path, HEADER_BYTES, (FIELDS + Integer.BYTES) + " to " + MAX_BYTES + " header bytes", "" + length);
        }
        return length;
    }

    /** What the flags say; null when they are not known. */
    static ImageLayout layoutOf(ByteBuffer prefix) {
        return ImageLayout.of(Short.toUnsignedInt(prefix.getShort(FLAGS)));
    }

    /** The 16 bytes of the image id, which are never encrypted. */
    static byte[] imageId(ByteBuffer header) {
        byte[] id = new byte[CREATED - IMAGE_ID];
        header.get(IMAGE_ID, id);
        return id;
    }

    /** The key slots of an encrypted header as the file has it. */
    static KeySlots slots(ByteBuffer stored, String path) throws MalformedImageException {
        int at = ImageLayout.CLEAR_BYTES;
        KeySlots slots = KeySlots.of(stored.slice(at, KeySlots.BYTES));
        if (slots.faultAt() >= 0) {
            throw new MalformedImageException(path, at + slots.faultAt(), "a sound key slot", "damaged bytes");
        }
        return slots;
    }

    /** Why a header as the file has it cannot be read without a key, or with one that it does not need. */
    static IOException withoutKey(ByteBuffer stored, String path) throws MalformedImageException {
        if (!layoutOf(stored).isEncrypted()) {
            return new MalformedImageException(path, FLAGS, "an encrypted image, as it was opened", "another one");
        }
        slots(stored, path);
        return new NotAuthenticException(path + " is encrypted: give its pass phrase at a terminal, or --image-key");
    }

    /** The header as it is without encryption. {@code stored}: as the file has it, position 0 to limit. */
    static ByteBuffer open(ByteBuffer stored, BoxCipher cipher, String path) throws MalformedImageException {
        int clear = ImageLayout.CLEAR_BYTES;
        int at = clear + KeySlots.BYTES;
        ByteBuffer rest = cipher.open(stored.slice(at, stored.limit() - at), at, BoxCipher.Part.HEADER);
        if (rest == null) {
            throw new MalformedImageException(path, at, "the box of the header with its tag", "damaged bytes");
        }
        return ByteBuffer.allocate(clear + rest.remaining())
                .put(stored.slice(0, clear))
                .put(rest)
                .flip();
    }

    /** Decodes a header that fills {@code in} from position 0 to the limit. */
    static ImageHeader decode(ByteBuffer in, String path) throws MalformedImageException {
        int length = lengthOf(in, path);
        int crcAt = length - Integer.BYTES;
        if (in.getInt(crcAt) != Checks.crc32c(in, 0, crcAt)) {
            throw new MalformedImageException(
                    path, crcAt, "header CRC " + hex(Checks.crc32c(in, 0, crcAt)), hex(in.getInt(crcAt)));
        }
        try {
            return decodeChecked(in, new Fields(in.slice(FIELDS, crcAt - FIELDS), path));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new MalformedImageException(path, 0, "a header that describes a disk", e.getMessage(), e);
        }
    }

    private static ImageHeader decodeChecked(ByteBuffer in, Fields fields) throws MalformedImageException {
        Geometry geometry = new Geometry(
                in.getInt(SECTOR_BYTES),
                Short.toUnsignedInt(in.getShort(HEADS)),
                Short.toUnsignedInt(in.getShort(SECTORS_PER_TRACK)),
                in.getLong(TOTAL_SECTORS));
        fields.read();
        ImageHeader header = new ImageHeader(
                new UUID(in.getLong(IMAGE_ID), in.getLong(IMAGE_ID + Long.BYTES)),
                Instant.ofEpochMilli(in.getLong(CREATED)),
                geometry,
                fields.regions,
                fields.partitions,
                in.getLong(REQUIRED_BYTES),
                fields.origin(in.getLong(SOURCE_BYTES)));
        int trackCount = header.space().trackCount();
        if (in.getInt(TRACK_COUNT) != trackCount) {
            throw new MalformedImageException(
                    fields.path, TRACK_COUNT, trackCount + " tracks, as the regions have", "" + in.getInt(TRACK_COUNT));
        }
        return header;
    }

    private static void putText(ByteBuffer out, int type, String text) {
        byte[] bytes = Texts.encode(text);
        if (bytes.length > 0) {
            out.putShort((short) type).putShort((short) bytes.length).put(bytes);
        }
    }

    private static void putRegion(ByteBuffer out, int type, ImageRegion image) {
        Region region = image.region();
        byte[] name = Texts.encode(region.name());
        byte[] partitionType = Texts.encode(image.partitionType());
        int length = Integer.BYTES + 2 * Long.BYTES + 2 * Short.BYTES + name.length + partitionType.length;
        out.putShort((short) type).putShort((short) length);
        out.putInt(region.number()).putLong(region.firstLba()).putLong(region.sectorCount());
        out.putShort((short) name.length).put(name);
        out.putShort((short) partitionType.length).put(partitionType);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    /** Reads the type-length-value fields. A field may have more bytes than are known here: later versions add at the end. */
    private static final class Fields {
        private final ByteBuffer in;
        private final String path;
        private final List<ImageRegion> regions = new ArrayList<>();
        private final List<ImageRegion> partitions = new ArrayList<>();
        private final String[] texts = new String[NOTE + 1];

        Fields(ByteBuffer in, String path) {
            this.in = in;
            this.path = path;
            Arrays.fill(texts, "");
        }

        ImageOrigin origin(long sourceBytes) {
            ImageSource source =
                    new ImageSource(texts[SOURCE_PATH], texts[SOURCE_MODEL], texts[SOURCE_SERIAL], sourceBytes);
            return new ImageOrigin(source, texts[LABEL], texts[CODEC], texts[PROGRAM], texts[MACHINE], texts[NOTE]);
        }

        void read() throws MalformedImageException {
            while (in.hasRemaining()) {
                int at = FIELDS + in.position();
                try {
                    int type = Short.toUnsignedInt(in.getShort());
                    readField(type, bytes(in), at);
                } catch (BufferUnderflowException | CharacterCodingException e) {
                    throw new MalformedImageException(path, at, "a whole header field", "" + e, e);
                }
            }
        }

        private void readField(int type, ByteBuffer value, int at)
                throws CharacterCodingException, MalformedImageException {
            if (type == REGION) {
                regions.add(region(value));
            } else if (type == PARTITION) {
                partitions.add(region(value));
            } else if (type >= LABEL && type <= NOTE) {
                texts[type] = Texts.decode(value);
            } else if ((type & CRITICAL) != 0) {
                throw new MalformedImageException(path, at, "a header field of this version", "type " + hex(type));
            }
        }

        private static ImageRegion region(ByteBuffer value) throws CharacterCodingException {
            int number = value.getInt();
            long firstLba = value.getLong();
            long sectorCount = value.getLong();
            String name = Texts.decode(bytes(value));
            return new ImageRegion(new Region(number, firstLba, sectorCount, name), Texts.decode(bytes(value)));
        }

        /** The bytes after a 16-bit length. */
        private static ByteBuffer bytes(ByteBuffer from) {
            int length = Short.toUnsignedInt(from.getShort());
            if (length > from.remaining()) {
                throw new BufferUnderflowException();
            }
            ByteBuffer value = from.slice(from.position(), length);
            from.position(from.position() + length);
            return value;
        }
    }
}
