package org.imgblstr.sealing.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Join codes as somebody types them. A text is a code or the one exception, and a code is read from its own words again. */
public final class JoinCodeFuzz {
    private JoinCodeFuzz() {}

    /** The text in UTF-8. */
    public static void fuzzerTestOneInput(byte[] input) {
        String typed = new String(input, StandardCharsets.UTF_8);
        try {
            JoinCode code = JoinCode.parse(typed);
            if (!JoinCode.parse(code.words()).equals(code)) {
                throw new AssertionError("the words of a code are another code");
            }
        } catch (SecretException e) {
            if (e.getMessage().isBlank() || e.getMessage().contains("\n")) {
                throw new AssertionError("a message of several lines", e);
            }
        }
    }

    /** A code, whole and cut short. */
    public static List<byte[]> seeds() {
        String words = JoinCode.random(bytes -> Arrays.fill(bytes, (byte) 3)).words();
        return List.of(
                words.getBytes(StandardCharsets.UTF_8),
                words.replaceAll("([a-z]{3})[a-z]*", "$1").replace('-', ' ').getBytes(StandardCharsets.UTF_8));
    }
}
