package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.imgblstr.cli.common.terminal.OperatorTerminal;

/** Asks the operator. Ctrl-C and SIGTERM end a question at once. For one thread. */
public final class Questions {
    private final Setting setting;
    private final PrintStream err;

    /** {@code setting}: its streams must be able to ask. */
    public Questions(Setting setting) {
        if (!setting.streams().canAsk()) {
            throw new IllegalStateException("there is nobody to ask");
        }
        this.setting = setting;
        this.err = setting.streams().err();
    }

    /** One of several: returns the index of the answer, which is given as its number from 1 on. Asks again until it is valid. */
    public int choose(String question, List<String> answers) throws IOException {
        err.println(question);
        for (int i = 0; i < answers.size(); i++) {
            err.println("  " + (i + 1) + "  " + answers.get(i));
        }
        while (true) {
            String line = readLine("1 to " + answers.size() + ": ");
            for (int i = 0; i < answers.size(); i++) {
                if (line.equals(Integer.toString(i + 1))) {
                    return i;
                }
            }
            err.println(
                    "'" + line + "' is not a choice; type a number from 1 to " + answers.size() + "; Ctrl-C leaves");
        }
    }

    /** A line of text that is not empty. */
    public String text(String question) throws IOException {
        while (true) {
            String line = readLine(question + ": ");
            if (!line.isEmpty()) {
                return line;
            }
        }
    }

    /** A line of text that is not empty, and is not shown while it is typed. */
    public String secret(String question) throws IOException {
        OperatorTerminal terminal = OperatorTerminal.ofProcess();
        if (terminal == null) {
            return text(question);
        }
        terminal.hideTyped();
        try {
            return text(question);
        } finally {
            terminal.showTyped();
            err.println();
        }
    }

    /** A line of text; {@code otherwise} when it is empty. */
    public String text(String question, String otherwise) throws IOException {
        String line = readLine(question + " [" + otherwise + "]: ");
        return line.isEmpty() ? otherwise : line;
    }

    /** Yes only when the operator says y or yes. */
    public boolean yes(String question) throws IOException {
        while (true) {
            String line = readLine(question + " (yes/no): ").toLowerCase(Locale.ROOT);
            switch (line) {
                case "y", "yes" -> {
                    return true;
                }
                case "n", "no" -> {
                    return false;
                }
                default -> err.println("please answer yes or no; Ctrl-C leaves");
            }
        }
    }

    private String readLine(String prompt) throws IOException {
        err.print(prompt);
        err.flush();
        String line = answer();
        if (line == null) {
            err.println();
            throw CliException.refused("no answer: the terminal was closed; nothing was written");
        }
        if (!Names.isWhole(line)) {
            err.println(Names.message(line));
            return readLine(prompt);
        }
        return line.strip();
    }

    private String answer() throws IOException {
        try {
            return setting.interruption().orInterrupted(setting.streams().in()::readLine);
        } catch (CliException e) {
            // The prompt, and what the terminal shows of Ctrl-C, stay on a line of their own.
            err.println();
            throw e;
        }
    }
}
