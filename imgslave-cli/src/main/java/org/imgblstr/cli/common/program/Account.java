package org.imgblstr.cli.common.program;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.common.value.ShellWords;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.ExitCode;
import org.slf4j.LoggerFactory;

/**
 * What happened in a run, for the file of {@code --log}: all that a person was told or would have been told without {@code --quiet}, line by line
 * with its time. Without that file nothing is kept. For the whole process.
 */
public final class Account {
    /** The logger of the account; no other appender than that of the file sees its lines. */
    static final String NAME = "account";

    /** What stands before the password in {@code https://user:password@host}, and the password. */
    private static final Pattern PASSWORD = Pattern.compile("(//[^/@:\\s]*:)[^/@\\s]+@");

    private static final String CODE = "--code";

    /** In the place of a code: a master makes one. */
    private static final String NEW_CODE = "new";

    private static volatile String lastPhase = "";

    private Account() {}

    /**
     * Notes what a person is told. A text of several lines becomes several lines of the account. The file is kept and passed on, so it holds
     * no password of an address.
     */
    public static void tell(String text) {
        Logger logger = logger();
        if (logger.isInfoEnabled()) {
            PlainStream.plain(withoutPasswords(text)).lines().forEach(line -> logger.info("{}", line));
        }
    }

    static String withoutPasswords(String text) {
        return PASSWORD.matcher(text).replaceAll("$1***@");
    }

    /** The words of a command with a placeholder for the join code behind {@code --code}. */
    public static List<String> withoutCode(List<String> words) {
        List<String> shown = new ArrayList<>();
        for (String word : words) {
            boolean isCode = !shown.isEmpty() && shown.get(shown.size() - 1).equals(CODE) && !word.equals(NEW_CODE);
            boolean isJoined = word.startsWith(CODE + "=") && !word.equals(CODE + "=" + NEW_CODE);
            shown.add(isCode ? ChildProcess.MOVED : isJoined ? CODE + "=" + ChildProcess.MOVED : word);
        }
        return shown;
    }

    /** Which run begins: the command as a shell takes it, the version, and who runs it where. */
    private static String opening(String program, List<String> words) {
        List<String> command =
                Stream.concat(Stream.of(program), withoutCode(words).stream()).toList();
        String host = HostName.here();
        return "run: " + ShellWords.of(command) + "; " + program + " " + VersionProvider.version() + ", host "
                + (host.isEmpty() ? "unknown" : host) + ", user " + System.getProperty("user.name") + ", time zone "
                + ZoneId.systemDefault();
    }

    /** Notes where the run is, when that is another phase than before. */
    public static void phase(String phase) {
        if (!phase.equals(lastPhase)) {
            lastPhase = phase;
            tell("phase: " + phase);
        }
    }

    /** Notes what ended the run; a fault of the program with its stack trace. */
    static void failed(String line, Throwable failure, int code) {
        tell(line);
        if (code == ExitCode.FAULT) {
            logger().info("stack trace", failure);
        }
    }

    /**
     * Begins to keep the account, behind what the file holds already.
     *
     * @param file null: no account is wanted
     * @param others what this run reads or writes
     * @param program its name
     * @param words of the command line
     * @throws CliException exit code 2 or 15: the file cannot be the log
     */
    public static void begin(Path file, Collection<Path> others, String program, List<String> words) {
        if (file == null) {
            return;
        }
        try {
            check(file, others);
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new CliException(
                    Failures.exitCode(e), "--log " + Failures.message(e) + "; name a file that can be written", e);
        }
        lastPhase = "";
        Logging.toFile(file);
        tell(opening(program, words));
    }

    private static void check(Path file, Collection<Path> others) throws IOException {
        for (Path other : others) {
            if (Objects.nonNull(other) && isSame(file, other)) {
                throw CliException.usage("--log " + file + " is a file that this run uses; name another file");
            }
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw CliException.refused("--log " + file + " exists and is not a regular file; name another file");
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        boolean isOfOneName =
                one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        return isOfOneName || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
    }

    private static Logger logger() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(NAME);
    }
}
