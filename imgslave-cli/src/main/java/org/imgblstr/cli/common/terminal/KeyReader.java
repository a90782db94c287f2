package org.imgblstr.cli.common.terminal;

import java.io.IOException;

/** Makes keys of what a terminal sends: letters, and the sequences of xterm for the others. For one thread. */
final class KeyReader {
    /** What follows an escape that belongs to it comes at once, over a slow line too. */
    private static final long SEQUENCE_MS = 50;

    private static final long TYPED_AHEAD_MS = 20;

    private static final int ESC = 27;
    private static final int BACKSPACE = 8;
    private static final int FORM_FEED = 12;
    private static final int DELETE = 127;

    private final Characters characters;

    KeyReader(Characters characters) {
        this.characters = characters;
    }

    /** Where characters come from. */
    interface Characters {
        /** The next one; -2 when none came in time, -1 at the end. */
        int read(long timeoutMs) throws IOException;
    }

    /** The next key; null when none came in time. */
    Key read(long timeoutMs) throws IOException {
        int first = characters.read(timeoutMs);
        if (first == -1) {
            throw new TerminalClosedException();
        }
        if (first == -2) {
            return null;
        }
        return switch (first) {
            case '\r', '\n' -> Key.of(Key.Kind.ENTER);
            case BACKSPACE, DELETE -> Key.of(Key.Kind.BACKSPACE);
            case ESC -> sequence();
            case FORM_FEED -> Key.of(Key.Kind.REDRAW);
            default -> first < ' ' ? Key.of(Key.Kind.OTHER) : Key.letter(first);
        };
    }

    /** Throws away what was typed before anybody could see what it would do. Takes 20 ms longer than that. */
    void discard() throws IOException {
        while (characters.read(TYPED_AHEAD_MS) >= 0) {
            // The next one.
        }
    }

    private Key sequence() throws IOException {
        int kind = characters.read(SEQUENCE_MS);
        if (kind < 0) {
            return Key.of(Key.Kind.ESCAPE);
        }
        if (kind != '[' && kind != 'O') {
            return Key.of(Key.Kind.OTHER);
        }
        int number = 0;
        int next = characters.read(SEQUENCE_MS);
        while ((next >= '0' && next <= '9') || next == ';') {
            number = next == ';' ? number : Math.min(10_000, number * 10 + next - '0');
            next = characters.read(SEQUENCE_MS);
        }
        return Key.of(kind(next, number));
    }

    private static Key.Kind kind(int last, int number) {
        return switch (last) {
            case 'A' -> Key.Kind.UP;
            case 'B' -> Key.Kind.DOWN;
            case 'H' -> Key.Kind.HOME;
            case 'F' -> Key.Kind.END;
            case '~' ->
                switch (number) {
                    case 1, 7 -> Key.Kind.HOME;
                    case 4, 8 -> Key.Kind.END;
                    case 5 -> Key.Kind.PAGE_UP;
                    case 6 -> Key.Kind.PAGE_DOWN;
                    default -> Key.Kind.OTHER;
                };
            default -> Key.Kind.OTHER;
        };
    }
}
