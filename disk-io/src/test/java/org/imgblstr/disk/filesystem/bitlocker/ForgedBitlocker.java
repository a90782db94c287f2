package org.imgblstr.disk.filesystem.bitlocker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.luks.XtsEncryption;

/** BitLocker volumes of 1 MiB, made here, for tests. Their protectors are left out: no key is asked of cryptsetup. */
final class ForgedBitlocker {
    static final int BYTES = 1 << 20;
    static final int MOVED_BYTES = 8192;
    static final int MOVED = 0x40000;
    static final int[] BLOCKS = {0x20000, 0x50000, 0xB0000};
    static final int BLOCK_BYTES = 64 << 10;

    /** Of a block, the checksum of which lies 4 bytes behind. */
    static final int LENGTH = 160;

    private static final byte[] MARK = "-FVE-FS-".getBytes(StandardCharsets.US_ASCII);
    private static final String IDENTIFIER = "3BD66749292ED84A8399F6A339E3D001";

    private final byte[] content = new byte[BYTES];
    private final ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);

    ForgedBitlocker(int cipher, int sector) {
        bytes.put(0, HexFormat.of().parseHex("EB5890")).put(3, MARK).putShort(11, (short) sector);
        bytes.put(82, "FAT32   ".getBytes(StandardCharsets.US_ASCII)).putShort(510, (short) 0xAA55);
        putIdentifier(160);
        for (int block : BLOCKS) {
            bytes.put(block, MARK).putShort(block + 8, (short) (LENGTH / 16)).putShort(block + 10, (short) 2);
            bytes.putShort(block + 12, (short) 4)
                    .putShort(block + 14, (short) 4)
                    .putLong(block + 16, BYTES);
            bytes.putInt(block + 28, MOVED_BYTES / sector).putLong(block + 56, MOVED);
            putBlocks(block + 32);
            int length = LENGTH - 64 - 16;
            bytes.putInt(block + 64, length)
                    .putInt(block + 68, 1)
                    .putInt(block + 72, 48)
                    .putInt(block + 76, length);
            bytes.putShort(block + 100, (short) cipher);
            bytes.putShort(block + 112, (short) 8).putShort(block + 114, (short) 7);
            bytes.putShort(block + 120, (short) 24).putShort(block + 122, (short) 15);
            bytes.putLong(block + 128, MOVED).putLong(block + 136, MOVED_BYTES);
        }
        seal();
    }

    /** A boot sector of BitLocker To Go. */
    ForgedBitlocker toGo() {
        Arrays.fill(content, 160, 200, (byte) 0);
        bytes.put(3, "MSWIN4.1".getBytes(StandardCharsets.US_ASCII));
        putIdentifier(424);
        return this;
    }

    private void putIdentifier(int at) {
        bytes.put(at, HexFormat.of().parseHex(IDENTIFIER));
        putBlocks(at + 16);
    }

    private void putBlocks(int at) {
        for (int copy = 0; copy < BLOCKS.length; copy++) {
            bytes.putLong(at + copy * Long.BYTES, BLOCKS[copy]);
        }
    }

    /** Puts the checksums of all three blocks right. */
    ForgedBitlocker seal() {
        for (int block : BLOCKS) {
            int length = Short.toUnsignedInt(bytes.getShort(block + 8)) * 16;
            int end = Math.min(length, BLOCK_BYTES - 8);
            CRC32 sum = new CRC32();
            sum.update(content, block, end);
            bytes.putInt(block + end + 4, (int) sum.getValue());
        }
        return this;
    }

    /** Changes the volume, little-endian. */
    ForgedBitlocker with(Consumer<ByteBuffer> change) {
        change.accept(bytes);
        return this;
    }

    /** Changes each block; its first byte is byte 0. */
    ForgedBitlocker withBlocks(Consumer<ByteBuffer> change) {
        for (int block : BLOCKS) {
            change.accept(bytes.slice(block, BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN));
        }
        return seal();
    }

    byte[] content() {
        return content;
    }

    MemoryVolume volume() {
        return new MemoryVolume(content, content.length);
    }

    /** Puts what lies within, but for what the metadata hides. */
    void encrypt(byte[] within, byte[] key, boolean isXts, int sector) throws Exception {
        for (int at = 0; at < BYTES; at += sector) {
            int place = at < MOVED_BYTES ? MOVED + at : at;
            boolean isHidden = at >= MOVED && at < MOVED + MOVED_BYTES;
            for (int block : BLOCKS) {
                isHidden |= at >= block && at < block + BLOCK_BYTES;
            }
            if (!isHidden) {
                System.arraycopy(within, at, content, place, sector);
                encrypt(key, isXts, sector, place);
            }
        }
    }

    private void encrypt(byte[] key, boolean isXts, int sector, int place) throws Exception {
        if (isXts) {
            XtsEncryption.encrypt(key, content, place, sector, place / sector);
            return;
        }
        SecretKeySpec aes = new SecretKeySpec(key, "AES");
        Cipher number = Cipher.getInstance("AES/ECB/NoPadding");
        number.init(Cipher.ENCRYPT_MODE, aes);
        byte[] vector = number.doFinal(ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(place)
                .array());
        Cipher data = Cipher.getInstance("AES/CBC/NoPadding");
        data.init(Cipher.ENCRYPT_MODE, aes, new IvParameterSpec(vector));
        data.doFinal(content, place, sector, content, place);
    }
}
