package org.imgblstr.cli.common.finish;

/** Something could not be done with a complete disk. The message is a clause that says why, and what to do by hand. */
public final class ToolException extends Exception {
    private static final long serialVersionUID = 1L;

    public ToolException(String message) {
        super(message);
    }
}
