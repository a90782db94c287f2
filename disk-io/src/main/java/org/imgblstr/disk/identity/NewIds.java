package org.imgblstr.disk.identity;

import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Draws identifiers. One thread. */
public final class NewIds {
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    private final RandomGenerator random;

    /** {@code random}: one whose numbers nobody else draws. */
    public NewIds(RandomGenerator random) {
        this.random = random;
    }

    /** A UUID of version 4, in small letters. */
    public String uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low).toString();
    }

    /** The signature of an MBR; never 0, which stands for none. */
    public int signature() {
        int signature = random.nextInt();
        return signature == 0 ? 1 : signature;
    }

    /** A machine-id of systemd: 32 digits. */
    public String machineId() {
        return uuid().replace("-", "");
    }

    /**
     * An identifier of the same form as another.
     *
     * @param old as {@link VolumeId} tells it
     */
    public String like(String old) {
        return switch (old.length()) {
            case VolumeId.SERIAL_CHARS -> serial();
            case Long.BYTES * 2 -> UPPER.toHexDigits(random.nextLong() | 1);
            default -> uuid();
        };
    }

    private String serial() {
        String digits = UPPER.toHexDigits(signature());
        return digits.substring(0, 4) + "-" + digits.substring(4);
    }
}
