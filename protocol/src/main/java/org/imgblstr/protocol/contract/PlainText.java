package org.imgblstr.protocol.contract;

/** Text of a peer, a disk or a command line as an operator may see it; the filter itself is {@link org.imgblstr.disk.text.PlainText}. */
public final class PlainText {
    private PlainText() {}

    /** The text with U+FFFD in place of what controls a terminal (C0, C1), begins a line, turns the direction of writing, or is invisible. */
    public static String of(String text) {
        return org.imgblstr.disk.text.PlainText.of(text);
    }

    /** Whether {@link #of} changes nothing. */
    public static boolean isPlain(String text) {
        return org.imgblstr.disk.text.PlainText.isPlain(text);
    }
}
