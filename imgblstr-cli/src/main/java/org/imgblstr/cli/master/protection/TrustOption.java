package org.imgblstr.cli.master.protection;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.sealing.secret.KeyFile;
import picocli.CommandLine.Option;

/** Whose images are taken: {@code --trust}. Filled in by picocli. */
public final class TrustOption {
    @Option(
            names = "--trust",
            paramLabel = "FILE.pub",
            description =
                    "Take only an image that this key of imgblstr keygen has signed, and check each track before it is"
                            + " used; may be given several times.")
    private List<Path> files = List.of();

    public boolean isGiven() {
        return !files.isEmpty();
    }

    /**
     * The keys; empty when any image will do.
     *
     * @throws CliException exit code 16: a file is no sound key file
     */
    public List<KeyFile> keys() {
        List<KeyFile> keys = new ArrayList<>();
        for (Path file : files) {
            try (KeyFile key = ImageKeyOptions.read(file)) {
                keys.add(key.as(KeyFile.Use.PUBLIC));
            }
        }
        return keys;
    }
}
