package org.imgblstr.cli.master.job;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Texts that travel in a datagram. */
final class Labels {
    private static final int MOST_BYTES = 64;

    private Labels() {}

    /** As much of {@code text} as fits 64 bytes of UTF-8, whole characters. */
    static String cut(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        // The encoder stops before a character that has no room left.
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), bytes, true);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
