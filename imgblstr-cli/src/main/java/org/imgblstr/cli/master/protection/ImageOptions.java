package org.imgblstr.cli.master.protection;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the image of a run is protected, and whose image is taken. Filled in by picocli. One thread. */
public final class ImageOptions {
    @Option(
            names = "--encrypt",
            description =
                    "Encrypt the image file: asks for a pass phrase twice, unless --image-key or --passphrase-file"
                            + " says what opens the image.")
    private boolean isEncryptGiven;

    @Mixin
    private ImageKeyOptions keys;

    @Option(
            names = "--sign",
            paramLabel = "FILE",
            description =
                    "Sign the image file by this key of imgblstr keygen: --trust FILE.pub takes only such images.")
    private Path signer;

    @Option(
            names = "--digests",
            description = "Keep the SHA-256 of each track in the image file; a signed image has them anyway.")
    private boolean hasDigests;

    @Mixin
    private TrustOption trust;

    private ImageProtection protection = ImageProtection.NONE;

    /**
     * Checks that the options fit what a run does with an image.
     *
     * @throws CliException exit code 2
     */
    public void check(boolean isWritten, boolean isRead) {
        if (!isWritten && (isEncryptGiven || signer != null || hasDigests)) {
            throw CliException.usage(
                    "--encrypt, --sign and --digests say how an image file is made, so they need --upload");
        }
        if (!isRead && trust.isGiven()) {
            throw CliException.usage("--trust says which image files are read, so it needs --download");
        }
        if (!isRead && !isWritten && keys.isAnyGiven()) {
            throw CliException.usage("--image-key and --passphrase-file open an image file, so they need --upload or"
                    + " --download; what seals a session is said by --key-file or --code");
        }
    }

    /**
     * How a new image will be protected, in the words of a plan; "" when it will not be. Asks nothing.
     *
     * @throws CliException exit code 16: the key that is to sign cannot be read, or cannot sign
     */
    public String planned() {
        String id = "";
        if (signer != null) {
            try (KeyFile key = signingKey()) {
                id = key.idText();
            }
        }
        return ProtectionText.text(isToEncrypt(), id);
    }

    private boolean isToEncrypt() {
        return isEncryptGiven || keys.isAnyGiven();
    }

    /** What the image of a download is opened with. */
    public ImageAccess access(Setting setting) {
        return keys.access(setting, trust.keys());
    }

    /**
     * Reads keys, and asks for a pass phrase where one is wanted: the last question before a new image is begun.
     *
     * @throws CliException exit code 2: the pass phrase is too short; 16: there is none, or a file cannot be read
     */
    public void readForNew(Setting setting) throws IOException {
        KeyFile key = signer == null ? null : signingKey();
        List<ImageSecret> secrets = isToEncrypt() ? keys.ofNew(setting) : List.of();
        protection = new ImageProtection(secrets, key, hasDigests, Primitives.best(), new SecureRandom()::nextBytes);
    }

    private KeyFile signingKey() {
        KeyFile key = ImageKeyOptions.read(signer);
        if (key.use() != KeyFile.Use.MASTER) {
            key.close();
            throw new CliException(
                    ExitCode.NOT_AUTHENTIC,
                    signer + " cannot sign: take the file for masters that keygen wrote beside it");
        }
        return key;
    }

    /** Of the new image, once it was read. */
    public ImageProtection protection() {
        return protection;
    }

    /** Wipes what was read for a new image. */
    public void close() {
        protection.secrets().forEach(ImageSecret::close);
        if (protection.signer() != null) {
            protection.signer().close();
        }
    }
}
