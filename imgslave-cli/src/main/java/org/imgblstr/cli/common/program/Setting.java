package org.imgblstr.cli.common.program;

import java.io.PrintStream;

/**
 * What a command runs in.
 *
 * @param streams where its words go and come from
 * @param interruption what Ctrl-C does
 * @param process the process that it is in
 */
public record Setting(Streams streams, Interruption interruption, OwnProcess process) {
    /** In a process that it shares. */
    public Setting(Streams streams, Interruption interruption) {
        this(streams, interruption, OwnProcess.SHARED);
    }

    /** A setting with nobody to ask and nobody who interrupts. */
    public static Setting unattended(PrintStream out, PrintStream err) {
        return new Setting(Streams.unattended(out, err), new Interruption());
    }
}
