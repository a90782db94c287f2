package org.imgblstr.cli.master.netboot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.identity.HostNames;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.PlainText;
import org.imgblstr.sealing.secret.JoinCode;
import org.imgblstr.sealing.secret.SecretException;

/**
 * Kernel arguments of the live image, as each boot loader has to be told them.
 *
 * @param words one for each argument, without quotes; a word may hold blanks
 */
record BootArguments(List<String> words) {
    /** The script with which the live image itself reads its arguments. */
    private static final String RULES = "/live/arguments.sh";

    /** A word of the kernel: double quotes keep blanks in it. */
    private static final Pattern WORD = Pattern.compile("\\s*((?:[^\\s\"]++|\"[^\"]*+\")++)");

    /** Linux takes 2047 bytes on x86; netboot and boot loaders add theirs to these. */
    private static final int MOST_CHARACTERS = 1500;

    private static final Pattern OF_NETBOOT = Pattern.compile("(BOOTIF|initrd|imgslave\\.done)(=.*)?");

    /** What GRUB or iPXE would change, whatever quotes stand around it. */
    private static final Pattern CHANGED_BY_A_LOADER = Pattern.compile("[^ -~]|['\\\\$#|&]");

    private static final String CODE = "imgslave.code=";
    private static final String HOST_NAME = "imgslave.hostname=";

    BootArguments {
        words = List.copyOf(words);
    }

    /**
     * Reads {@code --append}, and holds it against the rules of the live image.
     *
     * @throws CliException exit code 2: the live image, or a boot loader, would not understand it
     */
    static BootArguments parse(String text) throws IOException, InterruptedException {
        if (text.length() > MOST_CHARACTERS) {
            throw CliException.usage("--append: expected at most " + MOST_CHARACTERS + " characters, because the kernel"
                    + " cuts what is longer; found " + text.length());
        }
        Matcher bad = CHANGED_BY_A_LOADER.matcher(text);
        if (bad.find()) {
            throw CliException.usage("--append: a boot loader would change the character '" + PlainText.of(bad.group())
                    + "' in '" + PlainText.of(text) + "'; leave it out");
        }
        BootArguments arguments = new BootArguments(split(text));
        for (String word : arguments.words) {
            if (OF_NETBOOT.matcher(word).matches()) {
                throw CliException.usage("--append: netboot itself gives each machine its "
                        + word.replaceFirst("=.*", "") + "; leave this argument out");
            }
        }
        String complaints = complaints(text);
        if (!complaints.isEmpty()) {
            throw CliException.usage("--append: the live image would not understand it: "
                    + complaints.strip().replace("\n", "; "));
        }
        for (String word : arguments.words) {
            checkValue(word);
        }
        return arguments;
    }

    /** What the live image leaves to imgslave, which would refuse it only at each machine. */
    private static void checkValue(String word) {
        try {
            if (word.startsWith(CODE)) {
                JoinCode.parse(word.substring(CODE.length()));
            } else if (word.startsWith(HOST_NAME)) {
                HostNames.parse(word.substring(HOST_NAME.length()));
            }
        } catch (SecretException e) {
            throw CliException.usage("--append: " + CODE + ": " + e.getMessage());
        } catch (CliException e) {
            throw CliException.usage(
                    "--append: " + HOST_NAME + ": " + e.getMessage().replaceFirst("^--hostname: ", ""));
        }
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        int end = 0;
        while (word.lookingAt()) {
            words.add(word.group(1).replace("\"", ""));
            end = word.end();
            word.region(end, text.length());
        }
        if (!text.substring(end).isBlank()) {
            throw CliException.usage("--append: a double quote is not closed in '" + text + "'");
        }
        return words;
    }

    /** A line for each argument that the live image does not understand. */
    private static String complaints(String text) throws IOException, InterruptedException {
        Process shell = ChildProcess.of("sh", "-u", "-s", "--", text)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream script = shell.getOutputStream();
                InputStream rules = BootArguments.class.getResourceAsStream(RULES)) {
            if (rules == null) {
                throw new IllegalStateException("the program lacks its part " + RULES);
            }
            script.write(rules.readAllBytes());
            script.write("\nread_arguments \"$1\"; printf %s \"$complaints\"\n".getBytes(StandardCharsets.UTF_8));
        }
        String complaints = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = shell.waitFor();
        if (code != 0) {
            throw new IllegalStateException("the shell that checks kernel arguments ended with exit code " + code);
        }
        return complaints;
    }

    /** For iPXE, which gives the rest of a line to the kernel as it stands. */
    String forIpxe() {
        return words.stream()
                .map(word -> word.contains(" ") ? '"' + word + '"' : word)
                .collect(Collectors.joining(" "));
    }

    /** For GRUB, which puts double quotes around words with blanks itself. */
    String forGrub() {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    /** These, and some more. */
    BootArguments and(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new BootArguments(all);
    }
}
