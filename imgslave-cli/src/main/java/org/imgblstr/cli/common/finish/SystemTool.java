package org.imgblstr.cli.common.finish;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.PlainText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tool of the system, run as a child process whose output is kept. */
public final class SystemTool {
    /** Where the tools of root are; a user's PATH may lack them. */
    private static final List<String> ROOT_FOLDERS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    /** A check of a full disk of 16 TiB takes most of this. */
    private static final Duration LONGEST = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(SystemTool.class);
    private static final int LAST_WORDS = 160;

    private SystemTool() {}

    /** Its file: the first in PATH, else where the tools of root are. */
    public static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), ROOT_FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** As {@link #run(int, String...)}, where only exit code 0 is good. */
    public static String run(String... command) throws ToolException {
        return run(0, command);
    }

    /**
     * Runs a command to its end, in a session of its own: an interrupt by the terminal does not reach a tool that is changing a disk.
     *
     * @param mostCode exit codes up to this one are good
     * @return what it said on standard output and error
     * @throws ToolException when it cannot be run, ends with a higher code, or takes longer than two hours
     */
    public static String run(int mostCode, String... command) throws ToolException {
        return run(mostCode, true, command);
    }

    /** As {@link #run(String...)}, but gives only what it said on standard output: the content of a file, without any warning. */
    public static String output(String... command) throws ToolException {
        return run(0, false, command);
    }

    /** Runs a command that may fail. */
    public static void attempt(String... command) {
        try {
            run(command);
        } catch (ToolException e) {
            LOG.debug("{}", e.getMessage());
        }
    }

    private static String run(int mostCode, boolean withErrors, String... command) throws ToolException {
        Path output = null;
        try {
            output = Files.createTempFile("imgblstr-", ".out");
            String said;
            int code;
            try (InputStream in = Files.newInputStream(output)) {
                code = run(output, withErrors, words(command));
                said = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
            if (code > mostCode) {
                throw new ToolException(command[0] + " ended with exit code " + code + lastWords(said));
            }
            return said;
        } catch (IOException e) {
            throw new ToolException(command[0] + " cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolException(command[0] + " was interrupted");
        } finally {
            delete(output);
        }
    }

    private static List<String> words(String... command) throws ToolException {
        Path tool =
                find(command[0]).orElseThrow(() -> new ToolException(command[0] + " is not installed on this machine"));
        List<String> words = new ArrayList<>();
        find("setsid").ifPresent(setsid -> words.add(setsid.toString()));
        words.add(tool.toString());
        words.addAll(List.of(command).subList(1, command.length));
        return words;
    }

    private static int run(Path output, boolean withErrors, List<String> words)
            throws IOException, InterruptedException, ToolException {
        ProcessBuilder builder = ChildProcess.of(words)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(withErrors)
                .redirectOutput(Redirect.to(output.toFile()));
        if (!withErrors) {
            builder.redirectError(Redirect.DISCARD);
        }
        builder.environment().put("LC_ALL", "C");
        builder.environment().merge("PATH", String.join(":", ROOT_FOLDERS), (path, root) -> path + ":" + root);
        Process process = builder.start();
        // It is open on both sides, and nothing is left of it when this program is killed.
        delete(output);
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new ToolException(
                    "'" + String.join(" ", words) + "' did not end within " + LONGEST.toHours() + " hours");
        }
        return process.exitValue();
    }

    /** The end of what a tool said, as a clause with a colon before it. */
    private static String lastWords(String said) {
        String text = PlainText.of(said.strip().replaceAll("\\s+", " "));
        String last = text.length() <= LAST_WORDS ? text : "..." + text.substring(text.length() - LAST_WORDS);
        return last.isEmpty() ? "" : ": " + last;
    }

    private static void delete(Path file) {
        if (file != null) {
            file.toFile().delete();
        }
    }
}
