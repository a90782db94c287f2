package org.imgblstr.cli.common.grow;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --grow [PART]}. Filled in by picocli. */
public final class GrowOption {
    @Option(
            names = "--grow",
            paramLabel = "PART",
            arity = "0..1",
            fallbackValue = "",
            preprocessor = PartWord.class,
            description =
                    "Once a whole disk is written and longer than the source, enlarge its last partition, or PART (number or"
                            + " name), and the file system in it.")
    private String part;

    /** The partition that was named, "" for the last one; null when nothing is to grow. */
    public String part() {
        return part;
    }

    /**
     * Leaves a word that names a file, or looks like a path or an option, to what comes behind it: {@code imgslave --grow /dev/sda}. A
     * mistyped option is so named as one, and no partition is looked for.
     */
    static final class PartWord implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            boolean isAttached = info.get("separator") instanceof String separator && !separator.isBlank();
            if (isAttached && !args.isEmpty() && args.peek().isEmpty()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--grow= names no partition: say --grow for the last one, or --grow=PART with its number or name");
            }
            if (isAttached
                    || args.isEmpty()
                    || !(isFile(args.peek()) || args.peek().startsWith("-"))) {
                return false;
            }
            option.setValue("");
            return true;
        }

        private static boolean isFile(String word) {
            try {
                return word.contains("/") || Files.exists(Path.of(word));
            } catch (InvalidPathException e) {
                return false;
            }
        }
    }
}
