package org.imgblstr.cli.common.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal at standard input and standard error. It is left as it was found. Keys are read by one thread; everything else is for any
 * thread.
 */
public final class OperatorTerminal {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorTerminal.class);

    /**
     * JLine's own log, which would go to the terminal. It asks {@code infocmp} about a terminal that it does not know, as the console of Linux, and gives
     * the whole stack when there is no such program, or none may be started any more, as at a slave that listens. It then goes on with less.
     */
    private static final java.util.logging.Logger JLINE = java.util.logging.Logger.getLogger("org.jline");

    private final Terminal terminal;
    private final boolean isColoured;
    private final KeyReader keys;
    private Attributes found;
    private Attributes shownTyped;
    private String leaving = "";
    private Display display;
    private Size shown;
    private volatile Size size = Size.of(0, 0);
    private Consumer<String> onStray;
    private StrayLines stray;
    private boolean isSuspended;
    private boolean isStopping;

    private OperatorTerminal(Terminal terminal, boolean isColoured) {
        this.terminal = terminal;
        this.isColoured = isColoured;
        NonBlockingReader reader = terminal.reader();
        this.keys = new KeyReader(reader::read);
        Signals.register("TSTP", this::suspend);
    }

    /**
     * The terminal of this process, opened when it is asked for the first time; nothing changes on it by that.
     *
     * @return null when standard error is no terminal that JLine can use; the log says why
     */
    public static OperatorTerminal ofProcess() {
        return OfProcess.TERMINAL;
    }

    /** Columns of the terminal of this process; 0 when there is none, or it does not tell. */
    public static int widthOfProcess() {
        OperatorTerminal terminal = ofProcess();
        return terminal == null ? 0 : terminal.width();
    }

    private static final class OfProcess {
        static final OperatorTerminal TERMINAL = open();
    }

    private static OperatorTerminal open() {
        JLINE.setLevel(Level.OFF);
        try {
            // Signals stay with the program: JLine would put its own in the place of those that end it in order.
            Terminal terminal = TerminalBuilder.builder()
                    .provider(TerminalBuilder.PROP_PROVIDER_JNI)
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.ForcedSysErr)
                    .encoding(StandardCharsets.UTF_8)
                    .nativeSignals(false)
                    .graphemeCluster(false)
                    .dumb(false)
                    .build();
            return new OperatorTerminal(terminal, isEmpty(System.getenv("NO_COLOR")));
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.debug("the terminal cannot be used", e);
            return null;
        }
    }

    private static boolean isEmpty(String value) {
        return value == null || value.isEmpty();
    }

    /** Columns; 0 when the terminal does not know. */
    public int width() {
        return size().getColumns();
    }

    /** Lines; 0 when the terminal does not know. */
    public int height() {
        return size().getRows();
    }

    /** The last known one when JLine has closed itself: it does so when a signal ends the program, while others still draw. */
    private Size size() {
        try {
            size = terminal.getSize();
        } catch (IllegalStateException e) {
            LOG.debug("JLine has closed itself: the program ends", e);
        }
        return size;
    }

    /**
     * Takes the whole screen, keys one by one, and standard error of this process. What was on the screen comes back with {@link #leave}. Keys that
     * were typed before are thrown away: they were meant for something else.
     *
     * @param lines gets what is written to standard error meanwhile; must not block
     */
    public synchronized void enter(Consumer<String> lines) {
        onStray = lines;
        enter();
        try {
            keys.discard();
        } catch (IOException e) {
            LOG.debug("nothing can be read from the terminal", e);
        }
    }

    private void enter() {
        if (display != null) {
            return;
        }
        found = terminal.enterRawMode();
        // Ctrl-C and Ctrl-Z stay signals.
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, true);
        terminal.setAttributes(raw);
        leaving = sequence(Capability.cursor_normal) + sequence(exit());
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        display = new Display(terminal, true);
        shown = null;
        terminal.flush();
        stray = StrayLines.take(onStray);
    }

    /** A terminal that cannot bring back what was on it is cleared. */
    private Capability exit() {
        boolean hasOther = terminal.getStringCapability(Capability.exit_ca_mode) != null;
        return hasOther ? Capability.exit_ca_mode : Capability.clear_screen;
    }

    private String sequence(Capability capability) {
        String text = terminal.getStringCapability(capability);
        return text == null ? "" : Curses.tputs(text);
    }

    /** Gives the screen back for good; harmless when it has not been taken. */
    public synchronized void leave() {
        isSuspended = false;
        giveBack();
    }

    private void giveBack() {
        if (display == null) {
            return;
        }
        display = null;
        stray.giveBack();
        // Not by JLine, which may have closed itself: when a signal ends the program it does so on a thread of its own.
        PrintStream direct = new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
        direct.print(leaving);
        direct.flush();
        try {
            terminal.setAttributes(found);
        } catch (IllegalStateException e) {
            LOG.debug("JLine has closed itself, and put the settings back", e);
        }
    }

    /** What is typed from now on is not shown, until {@link #showTyped}. */
    public synchronized void hideTyped() {
        shownTyped = terminal.getAttributes();
        Attributes hidden = new Attributes(shownTyped);
        hidden.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        terminal.setAttributes(hidden);
    }

    /** As before {@link #hideTyped}. */
    public synchronized void showTyped() {
        try {
            terminal.setAttributes(shownTyped);
        } catch (IllegalStateException e) {
            LOG.debug("JLine has closed itself, and put the settings back", e);
        }
    }

    /** Whether the screen is taken. */
    public synchronized boolean isEntered() {
        return display != null;
    }

    /** Ctrl-Z: the shell gets the terminal as it was. When the program goes on in the foreground, the next drawing takes it again. */
    private void suspend() {
        synchronized (this) {
            isSuspended |= display != null;
            isStopping = true;
            giveBack();
        }
        JobControl.stop();
        synchronized (this) {
            isStopping = false;
        }
    }

    /** Shows these lines, from the top of the screen; writes only what differs from the last ones. Nothing when the screen is not taken. */
    public synchronized void draw(List<ScreenLine> lines) {
        try {
            // Until it has stopped it is still in the foreground.
            if (isSuspended && !isStopping && JobControl.isInForeground()) {
                isSuspended = false;
                enter();
            }
            if (display != null) {
                update(lines);
            }
        } catch (IllegalStateException e) {
            LOG.debug("JLine has closed itself: the program ends", e);
        }
    }

    private void update(List<ScreenLine> lines) {
        Size now = size();
        if (shown == null || !shown.equals(now)) {
            display.resize(now);
            display.clear();
            shown = now;
        }
        display.update(lines.stream().map(this::styled).toList(), 0);
    }

    /** The next drawing writes all of the screen, because something else may have written on the terminal. */
    public synchronized void forget() {
        shown = null;
    }

    private AttributedString styled(ScreenLine line) {
        AttributedStringBuilder text = new AttributedStringBuilder();
        line.parts().forEach(part -> text.styled(style(part.style()), part.text()));
        return text.toAttributedString();
    }

    private AttributedStyle style(Style style) {
        if (!isColoured) {
            return AttributedStyle.DEFAULT;
        }
        return switch (style) {
            case PLAIN -> AttributedStyle.DEFAULT;
            case BOLD -> AttributedStyle.BOLD;
            case FAINT -> AttributedStyle.DEFAULT.faint();
            case INVERSE -> AttributedStyle.INVERSE;
            case GREEN -> AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
            case YELLOW -> AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
            case RED -> AttributedStyle.BOLD.foreground(AttributedStyle.RED);
        };
    }

    /**
     * The next key; null when none came in time.
     *
     * @throws TerminalClosedException when the terminal has gone
     */
    public Key read(long timeoutMs) throws IOException {
        try {
            return keys.read(timeoutMs);
        } catch (IllegalStateException e) {
            throw new TerminalClosedException();
        }
    }
}
