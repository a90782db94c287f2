package org.imgblstr.cli.master.control;

import java.io.IOException;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of all commands that act on a running session. Picocli fills them in. */
final class ControlOptions {
    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "Name of the session, or its id; without this option the only session on this host.")
    private String session;

    @Option(names = "--json", description = "Write the answer to standard output as one JSON object.")
    private boolean json;

    @Mixin
    private SubOptions common;

    boolean isJson() {
        return json;
    }

    /** Returns the exit code. */
    int ask(Setting setting, ControlRequest request) throws IOException {
        common.apply();
        return new ControlClient(setting).ask(request, session, json);
    }
}
