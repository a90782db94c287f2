package org.imgblstr.disk.device;

/**
 * A disk is not touched. The message names the device, its model, serial and size, what is on it, what was expected and found, and how to
 * go on.
 */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, which decides the exit code. */
    public enum Reason {
        /** Too small, or another sector size: exit code 10. */
        DOES_NOT_FIT,
        /** Mounted, busy, the system disk, read-only, the source itself: exit code 15. */
        UNSAFE
    }

    private final Reason reason;

    public RefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
