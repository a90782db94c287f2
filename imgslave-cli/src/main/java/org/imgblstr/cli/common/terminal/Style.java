package org.imgblstr.cli.common.terminal;

/** How a part of a line looks. Without colours (NO_COLOR) each looks like {@link #PLAIN}. */
public enum Style {
    PLAIN,
    BOLD,
    FAINT,
    /** A heading: foreground and background change places. */
    INVERSE,
    /** All is well. */
    GREEN,
    /** To be watched. */
    YELLOW,
    /** Needs somebody. */
    RED
}
