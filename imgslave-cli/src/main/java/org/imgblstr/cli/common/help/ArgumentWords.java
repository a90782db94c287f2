package org.imgblstr.cli.common.help;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What the label of an option or argument tells of its values. Words in lower case are values, as in {@code wait|catchup|drop}; those in
 * upper case stand for a value of a kind, as in FILE.
 */
final class ArgumentWords {
    private static final Pattern LITERAL = Pattern.compile("[a-z0-9]+");

    /** What a value is, beside words. */
    enum Kind {
        /** The option has no value. */
        NONE,
        /** The name of a file, a device, or a folder. */
        FILE,
        /** The name of a folder. */
        FOLDER,
        /** The name of a network interface. */
        INTERFACE,
        /** Something that cannot be foretold. */
        FREE
    }

    private ArgumentWords() {}

    /** The values that are words; none when there are no such values. */
    static List<String> of(ArgSpec argument) {
        return Stream.of(argument.paramLabel().split("\\|"))
                .filter(part -> LITERAL.matcher(part).matches())
                .toList();
    }

    static Kind kind(ArgSpec argument) {
        if (argument.arity().max() == 0) {
            return Kind.NONE;
        }
        return switch (argument.paramLabel()) {
            case "FILE", "IMAGE", "DEV", "OUT" -> Kind.FILE;
            case "FOLDER" -> Kind.FOLDER;
            case "IF" -> Kind.INTERFACE;
            default -> Kind.FREE;
        };
    }
}
