package org.imgblstr.cli.common.terminal;

import java.util.ArrayList;
import java.util.List;
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

    /** The whole text in lines of so many columns, divided at blanks where there are any; each line but the first begins with {@code indent}. */
    public static List<String> wrap(String text, int columns, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (of(rest) > columns && cut(rest, columns).length() > indent.length()) {
            String line = atBlank(rest, cut(rest, columns), indent.length());
            lines.add(line);
            rest = indent + rest.substring(line.length()).strip();
        }
        lines.add(cut(rest, columns));
        return lines;
    }

    /** What of {@code line}, the beginning of {@code rest}, is whole words. */
    private static String atBlank(String rest, String line, int indent) {
        int blank = rest.charAt(line.length()) == ' ' ? line.length() : line.lastIndexOf(' ');
        return blank > indent ? line.substring(0, blank) : line;
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
