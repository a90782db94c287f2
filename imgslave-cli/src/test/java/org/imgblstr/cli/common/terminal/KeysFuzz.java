package org.imgblstr.cli.common.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.disk.text.PlainText;
import org.imgblstr.fuzz.Budget;

/**
 * What a terminal sends, and the same bytes as a text that somebody else wrote. Each key takes at least one character, all keys come to an end, and
 * text that is shown is plain, within its columns and bounded.
 */
public final class KeysFuzz {
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final int COLUMNS = 20;
    private static final String INDENT = "  ";

    private KeysFuzz() {}

    /** What is sent, in UTF-8. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        String sent = new String(input, StandardCharsets.UTF_8);
        try {
            requireKeys(sent);
        } catch (IOException e) {
            throw new AssertionError("the terminal was closed", e);
        }
        requireText(sent);
        budget.check();
    }

    private static void requireKeys(String sent) throws IOException {
        int[] codePoints = sent.codePoints().toArray();
        int[] at = {0};
        KeyReader reader = new KeyReader(timeoutMs -> at[0] < codePoints.length ? codePoints[at[0]++] : -2);
        int keys = 0;
        for (Key key = reader.read(0); key != null; key = reader.read(0)) {
            keys++;
            if (key.kind() == Key.Kind.LETTER && key.letter() < ' ') {
                throw new AssertionError("a letter that a terminal obeys");
            }
        }
        if (keys > codePoints.length || at[0] != codePoints.length) {
            throw new AssertionError(keys + " keys of " + codePoints.length + " characters");
        }
    }

    private static void requireText(String text) {
        String plain = PlainText.of(text);
        if (!PlainText.isPlain(plain)) {
            throw new AssertionError("text that was made plain is not");
        }
        if (Columns.of(Columns.cut(plain, COLUMNS)) > COLUMNS
                || Columns.of(Columns.left(plain, COLUMNS)) != COLUMNS
                || Columns.of(Columns.right(plain, COLUMNS)) != COLUMNS) {
            throw new AssertionError("a text that is wider or narrower than it should be");
        }
        for (String line : Columns.wrap(plain, COLUMNS, INDENT)) {
            if (Columns.of(line) > COLUMNS) {
                throw new AssertionError("a line that is wider than it should be");
            }
        }
    }

    /** Keys of each sort, and texts of several widths. */
    public static List<byte[]> seeds() {
        return List.of(
                text("kpr\r\u001b[A\u001b[B\u001b[5~\u001b[6~\u001bOH\u001b[F\u007f\b\f\u001b"),
                text("\u001b[1;5C\u001b[15~\u001b[99999999~x"),
                text("a label with blanks that is longer than the line"),
                text("機械の名前は長いことがある e\u0301 \uD83D\uDE00 \u202E"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
