package org.imgblstr.disk.filesystem.luks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Headers of LUKS, made by hand, with zeros behind them. */
final class ForgedLuks {
    /** Of a header of version 2, with its text. */
    static final int HEADER_BYTES = 16_384;

    static final int TEXT = 4096;
    static final int CHECKSUM = 448;
    private static final int CHECKSUM_BYTES = 64;
    private static final int SIZE = 8;
    private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xBA, (byte) 0xBE, 0};

    private ForgedLuks() {}

    /** A volume of version 1 whose data begin at byte {@code dataOffset}. */
    static byte[] version1(int bytes, int dataOffset) {
        byte[] content = new byte[bytes];
        ByteBuffer.wrap(content)
                .put(0, MAGIC)
                .put(6, new byte[] {0, 1})
                .put(8, ascii("aes"))
                .put(40, ascii("xts-plain64"))
                .put(72, ascii("sha256"))
                .putInt(104, dataOffset / 512);
        return content;
    }

    /** A volume of version 2 with one segment; {@code config} is put behind the other words of the configuration. */
    static byte[] version2(int bytes, String segment, String config) {
        byte[] content = new byte[bytes];
        ByteBuffer header = ByteBuffer.wrap(content);
        header.put(0, MAGIC).put(MAGIC.length, (byte) 2).putLong(SIZE, HEADER_BYTES);
        header.put(72, ascii("sha256"));
        header.put(
                TEXT,
                ascii("{\"keyslots\":{},\"tokens\":{},\"segments\":{\"0\":" + segment
                        + "},\"digests\":{\"0\":{\"segments\":[\"0\"]}},\"config\":{\"json_size\":\"12288\"" + config
                        + "}}"));
        header.put(CHECKSUM, checksum(content, HEADER_BYTES));
        return content;
    }

    /** The checksum of a header of version 2 that takes the first {@code bytes} of a volume. */
    static byte[] checksum(byte[] content, int bytes) {
        byte[] header = Arrays.copyOf(content, bytes);
        Arrays.fill(header, CHECKSUM, CHECKSUM + CHECKSUM_BYTES, (byte) 0);
        try {
            return MessageDigest.getInstance("SHA-256").digest(header);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
