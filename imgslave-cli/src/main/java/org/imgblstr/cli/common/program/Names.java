package org.imgblstr.cli.common.program;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads names of files, which are bytes to the kernel and text to Java. What got lost between the two would be the name of another file. */
final class Names implements ITypeConverter<Path> {
    /** What Java makes of bytes that are no text in its locale. */
    private static final char LOST = '\uFFFD';

    private static final String REMEDY = "; start the program by its script, which sets LC_ALL=C.UTF-8, or name a link"
            + " whose own name is plain text";

    @Override
    public Path convert(String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(message(e));
        }
    }

    /** Whether all that was typed has come to this program. */
    static boolean isWhole(String text) {
        return text.indexOf(LOST) < 0;
    }

    /** Why a text that is not whole cannot be used. */
    static String message(String text) {
        return "'" + text + "' holds bytes that are not UTF-8" + REMEDY;
    }

    static String message(InvalidPathException e) {
        return "'" + e.getInput() + "' cannot be the name of a file here: " + e.getReason() + REMEDY;
    }
}
