package org.imgblstr.disk.filesystem.bitlocker;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.encrypted.SectorCipher;
import org.imgblstr.sealing.primitive.CbcCipher;
import org.imgblstr.sealing.primitive.XtsCipher;

/** How BitLocker encrypts, by the number that its metadata tells. */
enum Encryption {
    CBC_128(0x8002, 16),
    CBC_256(0x8003, 32),
    XTS_128(0x8004, 32),
    XTS_256(0x8005, 64);

    private final int number;
    private final int keyBytes;

    Encryption(int number, int keyBytes) {
        this.number = number;
        this.keyBytes = keyBytes;
    }

    static Encryption of(int number) throws UnsureException {
        for (Encryption encryption : values()) {
            if (encryption.number == number) {
                return encryption;
            }
        }
        if (number == 0x8000 || number == 0x8001) {
            throw new UnsureException("BitLocker: encrypted with the diffuser of Windows Vista and 7");
        }
        throw new UnsureException("BitLocker: the cipher " + HexFormat.of().toHexDigits((short) number));
    }

    /**
     * With a volume key.
     *
     * @param sectorBytes what is encrypted at once
     * @throws GeneralSecurityException when the key has another length
     */
    SectorCipher cipher(byte[] key, int sectorBytes) throws GeneralSecurityException {
        if (key.length != keyBytes) {
            throw new GeneralSecurityException("a volume key of " + key.length + " bytes");
        }
        if (this == CBC_128 || this == CBC_256) {
            return new CbcCipher(key)::decrypt;
        }
        XtsCipher cipher = new XtsCipher(key);
        return (bytes, offset, length, place) -> cipher.decrypt(bytes, offset, length, place / sectorBytes);
    }
}
