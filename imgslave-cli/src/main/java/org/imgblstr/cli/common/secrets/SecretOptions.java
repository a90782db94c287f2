package org.imgblstr.cli.common.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.MemoryHard;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.JoinCode;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import org.imgblstr.sealing.secret.SecretException;
import picocli.CommandLine.Option;

/**
 * What sessions are sealed with: {@code --key-file}, {@code --code}, {@code --code-file}, an environment variable, or nothing with {@code --open}. When none
 * of them is given a master makes a join code, and a slave has no secret yet. Filled in by picocli.
 */
public final class SecretOptions {
    /** A master is to make the code. */
    private static final String NEW = "new";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "Seal the session with a key of imgblstr keygen: only machines that have the key can join it, read it, or"
                            + " act as its master.")
    private Path keyFile;

    @Option(
            names = "--code",
            paramLabel = "WORDS",
            description =
                    "Seal the session with a join code: five words, with hyphens between them. At the master, new makes a code"
                            + " and shows it (default); a slave at a terminal asks for the words (default).")
    private String words;

    @Option(
            names = "--code-file",
            paramLabel = "FILE",
            description = "As --code, with the words in FILE, which only its owner may read.")
    private Path codeFile;

    @Option(
            names = "--open",
            description =
                    "Do not seal the session, or as a slave take only such sessions: whoever is in the network can read and"
                            + " change them.")
    private boolean isOpen;

    private final String variable;
    private UnaryOperator<String> environment = name -> null;
    private SessionSeal seal;
    private Sealing sealing = Sealing.CODE;
    private String shown = "";
    private String remark = "";

    /** {@code variable}: the one of the environment that may hold the words of a code. */
    public SecretOptions(String variable) {
        this.variable = variable;
    }

    /** {@code environment}: gives the value of a variable, null for none. Without it there are no variables. */
    public SecretOptions in(UnaryOperator<String> newEnvironment) {
        environment = newEnvironment;
        return this;
    }

    /**
     * Reads or makes the secret for a master: a new join code unless something else was chosen.
     *
     * @throws CliException exit code 2: two options, or no code; 16: the secret cannot be read, is not sound, not safe, or not for masters
     */
    public void readForMaster() {
        checkOne();
        if (isOpen) {
            sealing = Sealing.OPEN;
        } else if (keyFile != null) {
            KeyFile file = masterKey(keyFile);
            use(file, SecretBytes.take(file.seed().copy()));
        } else if (NEW.equals(words) || !isChosen()) {
            use(JoinCode.random(random()::nextBytes));
        } else {
            readCode(true);
        }
    }

    /**
     * Reads the secret for a slave; without a choice there is none yet. A key for masters serves as well; its public half is used.
     *
     * @throws CliException as {@link #readForMaster}
     */
    public void readForSlave() {
        checkOne();
        if (isOpen) {
            sealing = Sealing.OPEN;
        } else if (keyFile != null) {
            KeyFile file = read(keyFile);
            checkSecret(keyFile, file, "a slave needs the file that keygen wrote beside it, with .slave");
            if (file.use() == KeyFile.Use.MASTER) {
                remark = keyFile
                        + " is the key of the master, and who reads it here can be the master of all slaves: take "
                        + keyFile + ".slave instead, and remove this file from this machine";
            }
            use(file, null);
        } else if (isChosen()) {
            readCode(false);
            shown = "";
        }
    }

    private void checkOne() {
        long given = Stream.of(keyFile, words, codeFile, fromVariable())
                        .filter(Objects::nonNull)
                        .count()
                + (isOpen ? 1 : 0);
        if (given > 1) {
            throw CliException.usage("--key-file, --code, --code-file, --open and " + variable
                    + " cannot be used together: a session is sealed in one way, or open");
        }
    }

    private String fromVariable() {
        return environment.apply(variable);
    }

    private static KeyFile masterKey(Path path) {
        KeyFile file = read(path);
        if (file.use() == KeyFile.Use.SLAVE) {
            throw refused(path + " is for slaves: a master needs the file that keygen wrote beside it, without .slave");
        }
        checkSecret(path, file, "a master needs the file that keygen wrote beside it, without .pub");
        return file;
    }

    private static KeyFile read(Path path) {
        try {
            return KeyFiles.read(path);
        } catch (IOException e) {
            throw unread("key", path, e);
        }
    }

    private static CliException unread(String what, Path file, IOException e) {
        return new CliException(
                ExitCode.NOT_AUTHENTIC, "the " + what + " file " + file + " cannot be read: " + Failures.message(e), e);
    }

    /** {@code mustBeStrong}: the code is chosen here. A slave takes what its master has. */
    private void readCode(boolean mustBeStrong) {
        String where = words != null ? "--code" : codeFile != null ? "--code-file " + codeFile : variable;
        try {
            String text =
                    words != null ? typedWords() : codeFile != null ? KeyFiles.readText(codeFile) : fromVariable();
            JoinCode code = JoinCode.parse(text);
            if (mustBeStrong && code.isWeak()) {
                throw CliException.usage(where + ": at least four words of a join code are different; leave " + where
                        + " out, and the master makes a good one");
            }
            use(code);
        } catch (SecretException e) {
            throw CliException.usage(where + ": " + e.getMessage());
        } catch (IOException e) {
            throw unread("code", codeFile, e);
        }
    }

    /** The start script keeps the words out of the list of processes. */
    private String typedWords() {
        String moved = words.equals(ChildProcess.MOVED) ? environment.apply(ChildProcess.MOVED_CODE) : null;
        return moved == null ? words : moved;
    }

    private static void checkSecret(Path path, KeyFile file, String next) {
        if (file.use() == KeyFile.Use.PUBLIC) {
            throw refused(path + " is public and opens no session: " + next);
        }
    }

    private void use(KeyFile file, SecretBytes seed) {
        sealing = Sealing.keyFile(file.idText());
        seal = new SessionSeal(Secret.of(file), seed, Primitives.best(), random()::nextBytes);
        file.close();
    }

    /**
     * Takes a code from now on.
     *
     * @throws CliException exit code 16: this machine cannot compute the key of a code
     */
    void use(JoinCode code) {
        try {
            seal = new SessionSeal(
                    Secret.of(code, Primitives.best().memoryHard()), null, Primitives.best(), random()::nextBytes);
        } catch (UnsupportedOperationException e) {
            throw new CliException(ExitCode.NOT_AUTHENTIC, e.getMessage(), e);
        }
        sealing = Sealing.CODE;
        shown = code.words();
    }

    private static SecureRandom random() {
        return new SecureRandom();
    }

    private static CliException refused(String message) {
        return new CliException(ExitCode.NOT_AUTHENTIC, message);
    }

    // ---- answers

    /** As {@code --code new}. */
    public void chooseNewCode() {
        words = NEW;
    }

    /**
     * As {@code --key-file} at a master.
     *
     * @throws CliException as {@link #readForMaster}; nothing is chosen then
     */
    public void chooseKeyFile(Path path) {
        masterKey(path).close();
        keyFile = path;
    }

    /** As {@code --open}. */
    public void chooseOpen() {
        isOpen = true;
    }

    // ---- what is known

    /** What sessions are sealed with, once it was read; null when they are open, or when a slave has no secret yet. */
    public SessionSeal seal() {
        return seal;
    }

    /** Whether an option was given. A variable is none: it may be set for other runs. */
    public boolean isAnyGiven() {
        return keyFile != null || words != null || codeFile != null || isOpen;
    }

    /** Whether an option or the variable says how sessions are sealed. */
    public boolean isChosen() {
        return isAnyGiven() || fromVariable() != null;
    }

    /** Whether sessions are not to be sealed. */
    public boolean isOpen() {
        return isOpen;
    }

    /**
     * Whether a slave can go on: it has a secret, or takes open sessions, or {@code mayAsk} somebody for the words of a code, whose key it can compute.
     *
     * @throws CliException exit code 16: it cannot, with what to do
     */
    void checkForSlave(boolean mayAsk) {
        if (seal != null || isOpen) {
            return;
        }
        if (!mayAsk) {
            throw refused("no join code: give --code-file or " + variable + " with the words that the master shows,"
                    + " --key-file, or --open for sessions that are not sealed; nothing was written");
        }
        if (!Primitives.best().computesCodes()) {
            throw refused(MemoryHard.MISSING + "; nothing was written");
        }
    }

    /** Whether the words of a code may be asked for: nobody said that sessions are open, or sealed by a key file. */
    public boolean mayAskForCode() {
        return keyFile == null && !isOpen;
    }

    /** What a slave should be told of its secret, once that was read; "" for nothing. */
    public String remark() {
        return remark;
    }

    /** How sessions are sealed, once the secret was read. */
    public Sealing sealing() {
        return sealing;
    }

    /** The join code that a master shows; "" when there is none. */
    public String code() {
        return shown;
    }
}
