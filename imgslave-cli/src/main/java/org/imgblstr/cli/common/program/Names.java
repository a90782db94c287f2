package org.imgblstr.cli.common.program;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Turns arguments into file names. A file name is bytes to the kernel and text to Java; a text that lost some bytes
 * would name another file.
 */
final class Names implements ITypeConverter<Path> {
    /** What Java makes of bytes that are no text in its locale. */
    private static final char LOST = '\uFFFD';

    private static final String REMEDY = "; start the program with its start script, which sets LC_ALL=C.UTF-8, and"
            + " take plain ASCII text: for a file, the name of a link to it";

    @Override
    public Path convert(String value) {
        if (value.isBlank()) {
            throw new TypeConversionException("expected the name of a file, found '" + value
                    + "'; where a script gives it by a variable, check that the variable has a value");
        }
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(message(e));
        }
    }

    /** True when Java lost no byte of what the operator typed. */
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
