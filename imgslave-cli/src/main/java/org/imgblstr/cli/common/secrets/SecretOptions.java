package org.imgblstr.cli.common.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.JoinCode;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import org.imgblstr.sealing.secret.SecretException;
import picocli.CommandLine.Option;

/** What sessions are sealed with: {@code --key-file}, {@code --code}, {@code --code-file}, or nothing. Filled in by picocli. */
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
                            + " and shows it.")
    private String words;

    @Option(
            names = "--code-file",
            paramLabel = "FILE",
            description = "As --code, with the words in FILE, which only its owner may read.")
    private Path codeFile;

    @Option(
            names = "--open",
            description = "Do not seal the session: whoever is in the network can read and change it (default).")
    private boolean isOpen;

    private SessionSeal seal;
    private String plan = "";
    private String shown = "";

    /**
     * Reads or makes the secret for a master.
     *
     * @throws CliException exit code 2: two options, or no code; 16: the secret cannot be read, is not sound, not safe, or not for masters
     */
    public void readForMaster() {
        checkOne();
        if (keyFile != null) {
            KeyFile file = read();
            if (file.use() == KeyFile.Use.SLAVE) {
                throw refused(keyFile
                        + " is for slaves: a master needs the file that keygen wrote beside it, without .slave");
            }
            checkSecret(file, "a master needs the file that keygen wrote beside it, without .pub");
            use(file, SecretBytes.take(file.seed().copy()));
        } else if (NEW.equals(words)) {
            use(JoinCode.random(random()::nextBytes));
        } else {
            readCode();
        }
    }

    /** As {@link #readForMaster}, for a slave. A key for masters serves as well; its public half is used. */
    public void readForSlave() {
        checkOne();
        if (keyFile != null) {
            KeyFile file = read();
            checkSecret(file, "a slave needs the file that keygen wrote beside it, with .slave");
            use(file, null);
        } else {
            readCode();
            shown = "";
        }
    }

    private void checkOne() {
        long given =
                Stream.of(keyFile, words, codeFile).filter(Objects::nonNull).count() + (isOpen ? 1 : 0);
        if (given > 1) {
            throw CliException.usage("--key-file, --code, --code-file and --open cannot be used together: a session is"
                    + " sealed in one way, or open");
        }
    }

    private KeyFile read() {
        try {
            return KeyFiles.read(keyFile);
        } catch (IOException e) {
            throw unread("key", keyFile, e);
        }
    }

    private static CliException unread(String what, Path file, IOException e) {
        return new CliException(
                ExitCode.NOT_AUTHENTIC, "the " + what + " file " + file + " cannot be read: " + Failures.message(e), e);
    }

    private void readCode() {
        try {
            if (words != null) {
                use(JoinCode.parse(words));
            } else if (codeFile != null) {
                use(JoinCode.parse(KeyFiles.readCode(codeFile)));
            }
        } catch (SecretException e) {
            throw CliException.usage((words != null ? "--code" : "--code-file " + codeFile) + ": " + e.getMessage());
        } catch (IOException e) {
            throw unread("code", codeFile, e);
        }
    }

    private void checkSecret(KeyFile file, String next) {
        if (file.use() == KeyFile.Use.PUBLIC) {
            throw refused(keyFile + " is public and opens no session: " + next);
        }
    }

    private void use(KeyFile file, SecretBytes seed) {
        plan = "sealed with key file " + file.idText();
        seal = new SessionSeal(Secret.of(file), seed, Primitives.best(), random()::nextBytes);
        file.close();
    }

    private void use(JoinCode code) {
        try {
            seal = new SessionSeal(
                    Secret.of(code, Primitives.best().memoryHard()), null, Primitives.best(), random()::nextBytes);
        } catch (UnsupportedOperationException e) {
            throw new CliException(ExitCode.NOT_AUTHENTIC, e.getMessage(), e);
        }
        plan = "sealed with a join code";
        shown = code.words();
    }

    private static SecureRandom random() {
        return new SecureRandom();
    }

    private static CliException refused(String message) {
        return new CliException(ExitCode.NOT_AUTHENTIC, message);
    }

    /** What sessions are sealed with, once it was read; null when they are open. */
    public SessionSeal seal() {
        return seal;
    }

    /** Whether an option was given. */
    public boolean isAnyGiven() {
        return isSealed() || isOpen;
    }

    /** Whether sessions are to be sealed. */
    public boolean isSealed() {
        return keyFile != null || words != null || codeFile != null;
    }

    /** For the plan: {@code sealed with key file ID}, without the secret; "" when sessions are open. */
    public String plan() {
        return plan;
    }

    /** The join code that a master shows; "" when there is none. */
    public String code() {
        return shown;
    }
}
