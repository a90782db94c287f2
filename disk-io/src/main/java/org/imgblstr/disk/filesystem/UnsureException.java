package org.imgblstr.disk.filesystem;

/** A reader will not say which blocks are free, so all count as used. The message is one line for the operator that says why. */
public final class UnsureException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnsureException(String message) {
        super(message);
    }
}
