package org.imgblstr.cli.common.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import picocli.CommandLine.Option;

/** {@code --key-file} and {@code --open}: what sessions are sealed with. Filled in by picocli. */
public final class SecretOptions {
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "Seal the session with a key of imgblstr keygen: only machines that have the key can join it, read it, or"
                            + " act as its master.")
    private Path keyFile;

    @Option(
            names = "--open",
            description = "Do not seal the session: whoever is in the network can read and change it (default).")
    private boolean isOpen;

    private SessionSeal seal;
    private String keyId = "";

    /**
     * Reads the key for a master.
     *
     * @throws CliException exit code 2: both options; 16: the key cannot be read, is not sound, not safe, or not for masters
     */
    public void readForMaster() {
        KeyFile file = read();
        if (file == null) {
            return;
        }
        if (file.use() == KeyFile.Use.SLAVE) {
            throw refused(keyFile + " is for slaves: a master needs the file that keygen wrote beside it, without .slave");
        }
        checkSecret(file, "a master needs the file that keygen wrote beside it, without .pub");
        use(file, SecretBytes.take(file.seed().copy()));
    }

    /** As {@link #readForMaster}, for a slave. A key for masters serves as well; its public half is used. */
    public void readForSlave() {
        KeyFile file = read();
        if (file != null) {
            checkSecret(file, "a slave needs the file that keygen wrote beside it, with .slave");
            use(file, null);
        }
    }

    private KeyFile read() {
        if (keyFile != null && isOpen) {
            throw CliException.usage(
                    "--key-file and --open cannot be used together: a session is sealed with the key, or open");
        }
        if (keyFile == null) {
            return null;
        }
        try {
            return KeyFiles.read(keyFile);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.NOT_AUTHENTIC, "the key file " + keyFile + " cannot be read: " + Failures.message(e), e);
        }
    }

    private void checkSecret(KeyFile file, String next) {
        if (file.use() == KeyFile.Use.PUBLIC) {
            throw refused(keyFile + " is public and opens no session: " + next);
        }
    }

    private void use(KeyFile file, SecretBytes seed) {
        keyId = file.idText();
        seal = new SessionSeal(Secret.of(file), seed, Primitives.best(), new SecureRandom()::nextBytes);
        file.close();
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
        return keyFile != null || isOpen;
    }

    /** Whether sessions are to be sealed. */
    public boolean isSealed() {
        return keyFile != null;
    }

    /** For the plan: {@code sealed with key file ID}; "" when sessions are open. */
    public String words() {
        return keyId.isEmpty() ? "" : "sealed with key file " + keyId;
    }
}
