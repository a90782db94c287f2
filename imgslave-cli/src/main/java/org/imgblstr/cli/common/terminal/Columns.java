package org.imgblstr.cli.common.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/** Text counted in columns of a terminal: a Chinese character takes two of them, an accent none. */
public final class Columns {
    private static final String MORE = "\u2026";

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

    /** The same, with a sign at its end where something was cut off. */
    public static String shorten(String text, int columns) {
        return of(text) <= columns ? text : cut(text, columns - 1) + (columns > 0 ? MORE : "");
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

    /** As above, in at most so many lines, at least one; the last ends with a sign when it is not the end of the text. */
    public static List<String> wrap(String text, int columns, String indent, int lines) {
        List<String> all = wrap(text, columns, indent);
        if (all.size() <= Math.max(1, lines)) {
            return all;
        }
        List<String> shown = new ArrayList<>(all.subList(0, Math.max(1, lines)));
        String last = shown.get(shown.size() - 1);
        String rest = all.get(shown.size()).strip();
        shown.set(shown.size() - 1, shorten(last + " " + rest, columns));
        return shown;
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
