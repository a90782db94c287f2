package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Texts of the header: UTF-8 of bounded length. */
final class Texts {
    private Texts() {}

    static void check(String what, String text, int maxBytes) {
        int bytes = encode(text).length;
        if (bytes > maxBytes) {
            throw new IllegalArgumentException(
                    what + ": expected at most " + maxBytes + " bytes of UTF-8, found " + bytes);
        }
    }

    static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Takes all of {@code bytes}. */
    static String decode(ByteBuffer bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(bytes)
                .toString();
    }
}
