package org.imgblstr.disk.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A program for EFI (PE): whether a signature covers it, so that no byte of it may change. */
public final class EfiProgram {
    private static final int PE_OFFSET = 0x3C;
    private static final int OPTIONAL_HEADER = 24;
    private static final int PE32_PLUS = 0x20B;

    /** Entry 4 of the data directories: the certificates. Its length is 4 bytes behind its place. */
    private static final int CERTIFICATE_BYTES = 4 * 8 + 4;

    private EfiProgram() {}

    /** True also for what is no program, so that it is left alone. */
    public static boolean isSigned(byte[] program) {
        ByteBuffer bytes = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        if (program.length < PE_OFFSET + Integer.BYTES || bytes.getShort(0) != 0x5A4D) {
            return true;
        }
        long optional = Integer.toUnsignedLong(bytes.getInt(PE_OFFSET)) + OPTIONAL_HEADER;
        if (optional + Short.BYTES > program.length) {
            return true;
        }
        int directories = bytes.getShort((int) optional) == PE32_PLUS ? 112 : 96;
        long at = optional + directories + CERTIFICATE_BYTES;
        return at + Integer.BYTES > program.length || bytes.getInt((int) at) != 0;
    }
}
