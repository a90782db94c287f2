package org.imgblstr.cli.master;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;

/** Runs the program in this JVM and keeps what it says. */
final class ProgramRunner {
    final Interruption interruption = new Interruption();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Heard err = new Heard();

    /** A group and port for one session, so that tests of two builds on one machine do not hear each other. */
    static String newGroup() {
        Random random = new Random();
        return "239.255." + random.nextInt(256) + "." + (1 + random.nextInt(254)) + ":"
                + (20_000 + random.nextInt(12_000));
    }

    /** With nobody to ask; a session that names no secret is sealed by the key of all tests. */
    int run(Object... args) {
        return runAsItIs((Object[]) Sealed.master(texts(args)));
    }

    /** With nobody to ask, and with these words alone. */
    int runAsItIs(Object... args) {
        return ImgblstrMain.run(new Setting(Streams.unattended(stream(out), stream(err)), interruption), texts(args));
    }

    /** With an operator who types {@code lines}. */
    int runTyped(String lines, Object... args) {
        Streams streams = new Streams(stream(out), stream(err), new BufferedReader(new StringReader(lines)), false);
        return ImgblstrMain.run(new Setting(streams, interruption), texts(args));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Waits until the program has said a text on standard error, or {@code run} has ended; returns whether it has said it. */
    boolean hears(String text, Future<?> run) throws InterruptedException {
        return err.hears(text, run);
    }

    /** Wakes who waits for a text, at each write. */
    private static final class Heard extends ByteArrayOutputStream {
        private static final long RUN_IS_LOOKED_AT_MS = 100;

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            notifyAll();
        }

        synchronized boolean hears(String text, Future<?> run) throws InterruptedException {
            while (!toString(StandardCharsets.UTF_8).contains(text)) {
                if (run.isDone()) {
                    return false;
                }
                wait(RUN_IS_LOOKED_AT_MS);
            }
            return true;
        }
    }

    private static String[] texts(Object... args) {
        return List.of(args).stream().map(Object::toString).toArray(String[]::new);
    }

    private static PrintStream stream(ByteArrayOutputStream into) {
        return new PrintStream(into, true, StandardCharsets.UTF_8);
    }
}
