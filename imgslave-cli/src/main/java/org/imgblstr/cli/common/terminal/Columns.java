package org.imgblstr.cli.common.terminal;

import org.jline.utils.AttributedString;

/** Text counted in columns of a terminal: a Chinese character takes two of them, an accent none. */
public final class Columns {
    private Columns() {}

    /** Columns that a text takes. */
    public static int of(String text) {
        return isAscii(text) ? text.length() : new AttributedString(text).columnLength();
    }

    /** The beginning of a text: what fits into so many columns. */
    public static String cut(String text, int columns) {
        if (columns <= 0) {
            return "";
        }
        if (isAscii(text)) {
            return text.length() <= columns ? text : text.substring(0, columns);
        }
        return new AttributedString(text).columnSubSequence(0, columns).toString();
    }

    /** Exactly so many columns: cut, or with blanks behind it. */
    public static String left(String text, int columns) {
        String shown = cut(text, columns);
        return shown + " ".repeat(Math.max(0, columns - of(shown)));
    }

    /** Exactly so many columns: cut, or with blanks before it. */
    public static String right(String text, int columns) {
        String shown = cut(text, columns);
        return " ".repeat(Math.max(0, columns - of(shown))) + shown;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }
}
