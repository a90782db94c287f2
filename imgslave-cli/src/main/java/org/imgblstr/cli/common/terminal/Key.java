package org.imgblstr.cli.common.terminal;

/**
 * A key that was pressed.
 *
 * @param kind which key
 * @param letter its character; 0 unless {@link Kind#LETTER}
 */
public record Key(Kind kind, int letter) {
    /** The keys that a screen knows. */
    public enum Kind {
        LETTER,
        ENTER,
        ESCAPE,
        BACKSPACE,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        /** Ctrl-L. */
        REDRAW,
        /** One that no screen knows. */
        OTHER
    }

    public static Key of(Kind kind) {
        return new Key(kind, 0);
    }

    public static Key letter(int letter) {
        return new Key(Kind.LETTER, letter);
    }

    /** Whether it is this letter, small or large. */
    public boolean is(char wanted) {
        return kind == Kind.LETTER && Character.toLowerCase(letter) == Character.toLowerCase(wanted);
    }
}
