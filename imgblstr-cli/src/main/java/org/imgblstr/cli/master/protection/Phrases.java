package org.imgblstr.cli.master.protection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.secrets.KeyFiles;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.protocol.contract.ExitCode;

/** The pass phrases of a run: from a file, from the environment, or typed. What was typed is not asked for again. One thread. */
final class Phrases {
    static final String VARIABLE = "IMGBLSTR_IMAGE_PASSPHRASE";

    private static final String OPTION = "--passphrase-file";
    private static final String MISSING =
            "no pass phrase: give " + OPTION + " or " + VARIABLE + ", or --image-key; nothing was written";

    private final Setting setting;
    private final Path file;
    private final List<String> typed = new ArrayList<>();

    /** {@code file}: that of the option; null without it. */
    Phrases(Path file, Setting setting) {
        this.file = file;
        this.setting = setting;
    }

    /** What is known without asking; "" when nothing is. */
    private String given() {
        String phrase = file == null ? setting.process().variable(VARIABLE) : fromFile();
        return phrase == null ? "" : phrase.strip();
    }

    private String fromFile() {
        try {
            return KeyFiles.readText(file);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.NOT_AUTHENTIC,
                    "the pass phrase file " + file + " cannot be read: " + Failures.message(e),
                    e);
        }
    }

    /** Whether one is to be had without asking. */
    boolean isGiven() {
        return !given().isEmpty();
    }

    boolean canAsk() {
        return file == null && setting.streams().canAsk();
    }

    /** All that are known by now. */
    List<String> known() {
        String given = given();
        return given.isEmpty() ? List.copyOf(typed) : List.of(given);
    }

    /** Asks for that of an image. */
    String askOf(String image) throws IOException {
        String phrase = new Questions(setting).secret("pass phrase of " + image);
        typed.add(phrase);
        return phrase;
    }

    /**
     * The pass phrase of a new image.
     *
     * @throws CliException exit code 2: it is too short; 16: there is none, and nobody to ask
     */
    String ofNew() throws IOException {
        String given = given();
        if (!given.isEmpty()) {
            String fault = fault(given);
            if (!fault.isEmpty()) {
                throw CliException.usage((file == null ? VARIABLE : OPTION + " " + file) + ": " + fault);
            }
            return given;
        }
        if (!canAsk()) {
            throw new CliException(ExitCode.NOT_AUTHENTIC, MISSING);
        }
        return askTwice();
    }

    private String askTwice() throws IOException {
        setting.streams().forgetTyped();
        Questions questions = new Questions(setting);
        while (true) {
            String first = questions.secret(
                    "pass phrase for the image, at least " + ImageSecret.LEAST_CHARACTERS + " characters");
            String fault = fault(first);
            if (!fault.isEmpty()) {
                setting.streams().err().println(fault);
            } else if (first.equals(questions.secret("the same once more"))) {
                return first;
            } else {
                setting.streams().err().println("these are two pass phrases; type one, twice");
            }
        }
    }

    private static String fault(String phrase) {
        int count = phrase.codePointCount(0, phrase.length());
        return count >= ImageSecret.LEAST_CHARACTERS
                ? ""
                : "a pass phrase of an image has at least " + ImageSecret.LEAST_CHARACTERS + " characters, found "
                        + count;
    }
}
