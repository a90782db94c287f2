package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --new-ids}, {@code --hostname} and {@code --hook}. Filled in by picocli. */
public final class IdentityOptions {
    @Option(
            names = "--new-ids",
            description =
                    "Once a whole disk is written, give the disk, its partitions and file systems, and the Linux on it"
                            + " identifiers of their own.")
    private boolean newIds;

    @Option(
            names = "--hostname",
            paramLabel = "PATTERN|@FILE",
            description =
                    "The name of the restored Linux or Windows, with {index}, {index:02}, {mac}, {serial} or {label} in it; or"
                            + " a file with lines LABEL = NAME or MAC = NAME.")
    private String hostName;

    @Option(
            names = "--hook",
            paramLabel = "FILE",
            description = "Run the program FILE of this machine when all else is done; may be given more than once.")
    private List<Path> hooks = new ArrayList<>();

    /** What was asked for. */
    public Wish wish() {
        return new Wish(newIds, hostName, hooks);
    }
}
