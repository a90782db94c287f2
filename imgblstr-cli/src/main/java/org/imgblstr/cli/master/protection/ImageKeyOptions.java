package org.imgblstr.cli.master.protection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.secrets.KeyFiles;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.image.sealed.KeySlots;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.secret.KeyFile;
import picocli.CommandLine.Option;

/** What opens an encrypted image: {@code --image-key}, {@code --passphrase-file}, a variable, or a question. Filled in by picocli. One thread. */
public final class ImageKeyOptions {
    private static final int MOST_QUESTIONS = 3;

    @Option(
            names = "--image-key",
            paramLabel = "FILE",
            description = "The key file of imgblstr keygen that opens the image, or that is to open a new image.")
    private Path keyFile;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description =
                    "The pass phrase that opens the image, or that is to open a new image, in a file that only its"
                            + " owner may read.")
    private Path phraseFile;

    private Phrases phrases;

    /** Whether one of the options was given. */
    public boolean isAnyGiven() {
        return keyFile != null || phraseFile != null;
    }

    /** Whether there is something to open images with, without a question. */
    public boolean isReady(Setting setting) {
        return isAnyGiven() || phrases(setting).isGiven();
    }

    /**
     * What images are opened with.
     *
     * @param trusted whose images are taken; empty for all
     */
    public ImageAccess access(Setting setting, List<KeyFile> trusted) {
        Phrases known = phrases(setting);
        return new ImageAccess((path, slots, tries) -> next(path, slots, tries, known), trusted);
    }

    private Phrases phrases(Setting setting) {
        if (phrases == null) {
            phrases = new Phrases(phraseFile, setting);
        }
        return phrases;
    }

    private ImageSecret next(String path, KeySlots slots, int tries, Phrases known) throws IOException {
        List<ImageSecret> candidates = new ArrayList<>();
        if (keyFile != null && !slots.keyIds().isEmpty()) {
            candidates.add(secretOfKey());
        }
        if (slots.takesPhrase()) {
            known.known().forEach(phrase -> candidates.add(ImageSecret.ofPhrase(phrase)));
        }
        for (int i = 0; i < candidates.size(); i++) {
            if (i != tries) {
                candidates.get(i).close();
            }
        }
        if (tries < candidates.size()) {
            return candidates.get(tries);
        }
        boolean mayAsk = slots.takesPhrase() && keyFile == null && known.canAsk() && tries < MOST_QUESTIONS;
        if (mayAsk) {
            return ImageSecret.ofPhrase(known.askOf(path));
        }
        throw new NotAuthenticException(refusal(path, slots, known, tries));
    }

    private String refusal(String path, KeySlots slots, Phrases known, int tries) throws IOException {
        if (tries == 0 && keyFile == null && known.known().isEmpty()) {
            String how = slots.takesPhrase()
                    ? "give its pass phrase at a terminal, --passphrase-file, or --image-key"
                    : "give --image-key";
            return path + " is encrypted: " + how + "; its key slots are for " + slots.text();
        }
        List<String> tried = new ArrayList<>();
        if (keyFile != null) {
            try (ImageSecret key = secretOfKey()) {
                tried.add(key.text());
            }
        }
        if (keyFile == null || phraseFile != null) {
            tried.add("this pass phrase");
        }
        return path + " does not open with " + String.join(" or ", tried) + ": its key slots are for " + slots.text();
    }

    private ImageSecret secretOfKey() {
        try (KeyFile key = read(keyFile)) {
            if (key.use() == KeyFile.Use.PUBLIC) {
                throw new CliException(
                        ExitCode.NOT_AUTHENTIC,
                        keyFile
                                + " is public and opens no image: take the file that keygen wrote beside it, without .pub");
            }
            return ImageSecret.of(key);
        }
    }

    /**
     * What opens a new image: at least one secret.
     *
     * @throws CliException exit code 2: the pass phrase is too short; 16: there is none, or a file cannot be read
     */
    List<ImageSecret> ofNew(Setting setting) throws IOException {
        List<ImageSecret> secrets = new ArrayList<>();
        if (keyFile != null) {
            secrets.add(secretOfKey());
        }
        if (keyFile == null || phraseFile != null) {
            secrets.add(ImageSecret.ofPhrase(phrases(setting).ofNew()));
        }
        return secrets;
    }

    /** Reads a key file; whatever is wrong with it ends in exit code 16. */
    static KeyFile read(Path path) {
        try {
            return KeyFiles.read(path);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.NOT_AUTHENTIC, "the key file " + path + " cannot be read: " + Failures.message(e), e);
        }
    }
}
