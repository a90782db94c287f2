package org.imgblstr.disk.text;

/** Text of a peer, a disk or a command line as an operator may see it: it controls no terminal, ends no line and hides nothing. */
public final class PlainText {
    private static final int REPLACEMENT = 0xFFFD;

    private PlainText() {}

    /** The text with U+FFFD in place of what controls a terminal (C0, C1), begins a line, turns the direction of writing, or is invisible. */
    public static String of(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().map(point -> isPlain(point) ? point : REPLACEMENT).forEach(plain::appendCodePoint);
        return plain.toString();
    }

    /** Whether {@link #of} changes nothing. */
    public static boolean isPlain(String text) {
        // Each printed line comes here, from the start of the program on: no stream.
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!isPlain(point)) {
                return false;
            }
            at += Character.charCount(point);
        }
        return true;
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
