package org.imgblstr.sealing.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a master signs: a label that no other kind of signature begins with, the session, and the content. Specification: docs/security.md, section 7. */
public enum SignedBytes {
    /** Bytes 148 to 231 of a hello, by the key of a key file. */
    HELLO("hello"),
    /** Header and body of a Drive Geometry for who has joined. */
    STATE("state"),
    /** Header and body of a Done to the group. */
    DONE("done"),
    /** Number of a digest track (4 bytes), and SHA-256 of its entries. */
    DIGESTS("digests"),
    /** Track count (4 bytes), and SHA-256 of the entries of each digest track: SHA-256 of all that is D, which a signed Done brings. */
    MANIFEST("manifest");

    private final String purpose;

    SignedBytes(String purpose) {
        this.purpose = purpose;
    }

    /** The bytes to sign, or to check a signature of. */
    public byte[] of(long sessionId, byte[] content) {
        byte[] begin = Labels.of(purpose);
        return ByteBuffer.allocate(begin.length + Long.BYTES + content.length)
                .put(begin)
                .putLong(sessionId)
                .put(content)
                .array();
    }

    /** Labels of the key schedule. */
    static final class Labels {
        private static final String BEGIN = "imgblstr 1 ";

        private Labels() {}

        /** The ASCII bytes of a label, which begins with program and version, and a zero that ends it. */
        static byte[] of(String purpose) {
            return (BEGIN + purpose + '\0').getBytes(StandardCharsets.US_ASCII);
        }
    }
}
