package org.imgblstr.cli.common.program;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.terminal.JobControl;

/**
 * Where a program's words go and come from.
 *
 * @param out results
 * @param err everything else
 * @param in what the operator types; null when nobody can be asked
 * @param isLive whether {@code err} is a terminal on which a line may be rewritten in place
 */
public record Streams(PrintStream out, PrintStream err, BufferedReader in, boolean isLive) {
    /** Streams without an operator, as a script or a test has them. */
    public static Streams unattended(PrintStream out, PrintStream err) {
        return new Streams(out, err, null, false);
    }

    /**
     * The streams of this process. Questions are asked only when both standard input and standard error are terminals, and the shell has
     * not put the program into the background: reading would stop it there.
     */
    public static Streams ofProcess() {
        boolean isTerminal = isTerminal(2);
        BufferedReader in = isTerminal && isTerminal(0) && JobControl.isInForeground()
                ? new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                : null;
        return new Streams(buffered(FileDescriptor.out), System.err, in, isTerminal && !isDumb());
    }

    /** Whether the standard output of this process is a terminal. */
    public static boolean isResultShown() {
        return isTerminal(1);
    }

    /** Whether the terminal can only add lines at its end. */
    private static boolean isDumb() {
        String kind = System.getenv("TERM");
        return kind == null || kind.isEmpty() || kind.equals("dumb");
    }

    /** The same, with lines that control no terminal. */
    Streams plain() {
        return new Streams(new PlainStream(out), new PlainStream(err), in, isLive);
    }

    /** Whether there is an operator who can answer. */
    public boolean canAsk() {
        return in != null;
    }

    /** What was typed at a terminal before does not count: a line that is read from now on is an answer to what is said from now on. */
    public void forgetTyped() throws IOException {
        while (isTerminal(0) && in.ready()) {
            in.read();
        }
    }

    // System.console() looks at standard input and output only, and is never null from Java 22 on.
    private static boolean isTerminal(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    // System.out flushes on each write of a byte array and has a lock of its own; export writes megabytes through this
    // one.
    private static PrintStream buffered(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
