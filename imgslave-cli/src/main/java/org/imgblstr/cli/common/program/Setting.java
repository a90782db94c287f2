package org.imgblstr.cli.common.program;

import java.io.PrintStream;

/**
 * What a command runs in.
 *
 * @param streams where its words go and come from
 * @param interruption what Ctrl-C does
 */
public record Setting(Streams streams, Interruption interruption) {
    /** A setting with nobody to ask and nobody who interrupts. */
    public static Setting unattended(PrintStream out, PrintStream err) {
        return new Setting(Streams.unattended(out, err), new Interruption());
    }
}
