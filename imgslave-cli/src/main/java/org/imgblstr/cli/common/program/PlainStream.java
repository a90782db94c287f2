package org.imgblstr.cli.common.program;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.PlainText;

/**
 * A stream on which a line controls no terminal, whatever a disk, an image, a peer or a file name put into it. Bytes, and text that is printed
 * without an end of line, pass as they are: a program of ours makes these.
 */
final class PlainStream extends PrintStream {
    private static final String TAB = "    ";

    PlainStream(PrintStream to) {
        super(to, true, StandardCharsets.UTF_8);
    }

    @Override
    public void println(String text) {
        super.println(plain(text));
    }

    @Override
    public void println(Object value) {
        println(String.valueOf(value));
    }

    /** Each line of a text for itself, with spaces for tabs: a stack trace has these. */
    static String plain(String text) {
        return text == null || PlainText.isPlain(text)
                ? text
                : Stream.of(text.replace("\t", TAB).split("\n", -1))
                        .map(PlainText::of)
                        .collect(Collectors.joining("\n"));
    }
}
