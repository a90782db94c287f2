package org.imgblstr.cli.common.program;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Objects;
import org.imgblstr.protocol.contract.ExitCode;
import org.slf4j.LoggerFactory;

/**
 * What happened in a run, for the file of {@code --log}: all that a person was told or would have been told without {@code --quiet}, line by line
 * with its time. Without that file nothing is kept. For the whole process.
 */
public final class Account {
    /** The logger of the account; no other appender than that of the file sees its lines. */
    static final String NAME = "account";

    private static volatile String lastPhase = "";

    private Account() {}

    /** Notes what a person is told. A text of several lines becomes several lines of the account. */
    public static void tell(String text) {
        Logger logger = logger();
        if (logger.isInfoEnabled()) {
            PlainStream.plain(text).lines().forEach(line -> logger.info("{}", line));
        }
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
     * @throws CliException exit code 2 or 15: the file cannot be the log
     */
    public static void begin(Path file, Collection<Path> others) {
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
