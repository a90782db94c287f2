package org.imgblstr.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.imgblstr.protocol.contract.PlainText;

/** Texts that are shown to operators: labels of up to 64 bytes of UTF-8, and sentences. */
final class WireText {
    static final int MAX_LABEL_BYTES = 64;

    /** Ends a sentence that was cut. */
    private static final String MORE = "...";

    private WireText() {}

    static byte[] encode(String label) {
        byte[] bytes = label.getBytes(UTF_8);
        if (bytes.length > MAX_LABEL_BYTES) {
            throw new IllegalArgumentException(
                    "label: expected at most " + MAX_LABEL_BYTES + " bytes of UTF-8, found " + bytes.length);
        }
        return bytes;
    }

    /** As many whole characters as {@code maxBytes} bytes of UTF-8 hold. */
    static byte[] encode(String text, int maxBytes) {
        String cut = text;
        while (cut.getBytes(UTF_8).length > maxBytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut.getBytes(UTF_8);
    }

    /** A sentence: where it is longer than {@code maxBytes} bytes it ends after a whole word, with "...". */
    static byte[] encodeSentence(String text, int maxBytes) {
        if (text.getBytes(UTF_8).length <= maxBytes) {
            return text.getBytes(UTF_8);
        }
        String cut = new String(encode(text, maxBytes - MORE.length()), UTF_8);
        boolean isWordCut = !Character.isWhitespace(text.charAt(cut.length()));
        int wordEnd = isWordCut ? cut.lastIndexOf(' ') : cut.length();
        // A word that is most of the sentence is cut: half of it tells more than nothing.
        String whole = wordEnd > cut.length() / 2 ? cut.substring(0, wordEnd) : cut;
        return (whole.stripTrailing() + MORE).getBytes(UTF_8);
    }

    /** Text of a peer, safe to print: what is malformed, controls a terminal or is invisible becomes U+FFFD. */
    static String decode(byte[] bytes) {
        return PlainText.of(new String(bytes, UTF_8));
    }
}
